// Locks between the connections to a database, and the memory that they share.

#include <stdlib.h>
#include <string.h>

#include "internal.h"

static bool owes_sleep;

bool take_owed_sleep(void) {
    bool owed = owes_sleep;
    owes_sleep = false;
    return owed;
}

static int refuse(struct simdisk *disk) {
    disk->counters.busy++;
    owes_sleep = true;
    return leave(SQLITE_BUSY);
}

static bool is_others(const struct handle *holder, const struct handle *handle) { return holder && holder != handle; }

// As the unix VFS has it: SHARED for many, RESERVED for one beside them, PENDING lets no more readers in, EXCLUSIVE is
// for one alone.
int sim_lock(sqlite3_file *base, int level) {
    struct handle *handle = (struct handle *)base;
    struct file *file = handle->file;
    simdisk_lock();
    if (is_dead(handle)) return leave(SQLITE_IOERR_LOCK);
    if (handle->level >= level) return leave(SQLITE_OK);
    if (disk_is_held(handle->disk, level > SQLITE_LOCK_SHARED)) return refuse(handle->disk);
    if (level == SQLITE_LOCK_SHARED) {
        if (is_others(file->pending, handle) || is_others(file->exclusive, handle)) return refuse(handle->disk);
        file->readers++;
    } else if (level == SQLITE_LOCK_RESERVED) {
        if (is_others(file->reserved, handle) || is_others(file->pending, handle)) return refuse(handle->disk);
        file->reserved = handle;
    } else {
        if (is_others(file->pending, handle) || is_others(file->reserved, handle)) return refuse(handle->disk);
        file->pending = handle;
        handle->level = SQLITE_LOCK_PENDING;
        if (level == SQLITE_LOCK_EXCLUSIVE) {
            if (file->readers > 1) return refuse(handle->disk);
            file->exclusive = handle;
        }
    }
    handle->level = level;
    return leave(SQLITE_OK);
}

void handle_unlock(struct handle *handle, int level) {
    struct file *file = handle->file;
    if (handle->level <= level) return;
    if (!is_dead(handle)) {
        if (file->reserved == handle) file->reserved = NULL;
        if (file->pending == handle) file->pending = NULL;
        if (file->exclusive == handle) file->exclusive = NULL;
        if (level == SQLITE_LOCK_NONE) file->readers--;
    }
    handle->level = level;
}

int sim_unlock(sqlite3_file *base, int level) {
    simdisk_lock();
    handle_unlock((struct handle *)base, level);
    return leave(SQLITE_OK);
}

int sim_check_reserved(sqlite3_file *base, int *result) {
    struct handle *handle = (struct handle *)base;
    simdisk_lock();
    if (is_dead(handle)) return leave(SQLITE_IOERR_CHECKRESERVEDLOCK);
    const struct file *file = handle->file;
    *result = file->reserved || file->pending || file->exclusive;
    return leave(SQLITE_OK);
}

// Shared memory.

int sim_shm_map(sqlite3_file *base, int index, int size, int extend, void volatile **region) {
    struct handle *handle = (struct handle *)base;
    *region = NULL;
    simdisk_lock();
    if (is_dead(handle) || disk_fails(handle->disk, SIM_SHARE)) return leave(SQLITE_IOERR_SHMMAP);
    struct share *share = handle->share;
    if (!share) {
        share = handle->file->share;
        if (!share) share = handle->file->share = needed(calloc(1, sizeof *share));
        share->references++;
        handle->share = share;
    }
    while (extend && share->count <= index) {
        share->regions = needed(realloc(share->regions, (size_t)(share->count + 1) * sizeof *share->regions));
        share->regions[share->count++] = needed(calloc(1, (size_t)size));
    }
    if (index < share->count) *region = share->regions[index];
    return leave(SQLITE_OK);
}

static void shm_unlock(struct handle *handle, int offset, int count) {
    struct share *share = handle->share;
    for (int at = offset; at < offset + count; at++) {
        uint16_t bit = (uint16_t)(1u << at);
        if (handle->exclusive & bit) share->exclusive[at] = NULL;
        if (handle->shared & bit) share->shared[at]--;
        handle->exclusive &= (uint16_t)~bit;
        handle->shared &= (uint16_t)~bit;
    }
}

static bool shm_is_free(const struct handle *handle, int at, bool is_exclusive) {
    const struct share *share = handle->share;
    if (is_others(share->exclusive[at], handle)) return false;
    return !is_exclusive || share->shared[at] == (handle->shared >> at & 1);
}

int sim_shm_lock(sqlite3_file *base, int offset, int count, int flags) {
    struct handle *handle = (struct handle *)base;
    simdisk_lock();
    struct share *share = handle->share;
    if (is_dead(handle) || !share) return leave(SQLITE_IOERR_SHMLOCK);
    if (flags & SQLITE_SHM_UNLOCK) {
        shm_unlock(handle, offset, count);
        return leave(SQLITE_OK);
    }
    bool is_exclusive = flags & SQLITE_SHM_EXCLUSIVE;
    // Lock 0 is the one for writing (https://www.sqlite.org/walformat.html, WAL_WRITE_LOCK).
    if (disk_is_held(handle->disk, is_exclusive && offset == 0)) return refuse(handle->disk);
    for (int at = offset; at < offset + count; at++)
        if (!shm_is_free(handle, at, is_exclusive)) return refuse(handle->disk);
    for (int at = offset; at < offset + count; at++) {
        uint16_t bit = (uint16_t)(1u << at);
        if (is_exclusive) {
            share->exclusive[at] = handle;
            handle->exclusive |= bit;
        } else if (!(handle->shared & bit)) {
            share->shared[at]++;
            handle->shared |= bit;
        }
    }
    return leave(SQLITE_OK);
}

void sim_shm_barrier(sqlite3_file *base) {
    (void)base;
    __sync_synchronize();
}

void handle_unmap(struct handle *handle) {
    struct share *share = handle->share;
    if (!share) return;
    shm_unlock(handle, 0, SQLITE_SHM_NLOCK);
    handle->share = NULL;
    if (--share->references > 0) return;
    if (handle->file->share == share) handle->file->share = NULL;
    for (int index = 0; index < share->count; index++) free(share->regions[index]);
    free(share->regions);
    free(share);
}

// Whether it is to be deleted matters not: it ends with its last connection anyhow.
int sim_shm_unmap(sqlite3_file *base, int deletes) {
    (void)deletes;
    simdisk_lock();
    handle_unmap((struct handle *)base);
    return leave(SQLITE_OK);
}
