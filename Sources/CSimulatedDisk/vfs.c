// The VFS: what SQLite asks, answered from disks in memory.

#include <stdlib.h>
#include <string.h>

#include "internal.h"

struct handle {
    sqlite3_file base;
    struct simdisk *disk;
    struct file *file;
    struct share *share;
    uint32_t generation;
    int level;
    uint16_t shared, exclusive; // locks held on the shared memory
    bool deletes;
};

static sqlite3_vfs *system_vfs;
static bool is_seeded;
static uint64_t chance;

static bool is_dead(const struct handle *handle) {
    return handle->disk->is_crashed || handle->generation != handle->disk->generation;
}

// Starts a call of a kind. Returns with the lock held, and SQLITE_OK or what the call fails with.
static int enter(struct handle *handle, enum simcall call, int failure) {
    simdisk_lock();
    if (is_dead(handle)) return SQLITE_IOERR;
    return disk_fails(handle->disk, call) ? failure : SQLITE_OK;
}

static int leave(int code) {
    simdisk_unlock();
    return code;
}

// Files.

static int sim_close(sqlite3_file *base) {
    struct handle *handle = (struct handle *)base;
    simdisk_lock();
    if (!is_dead(handle) && handle->deletes) {
        struct file *file = disk_file(handle->disk, handle->file->name);
        if (file == handle->file) disk_remove(handle->disk, file);
    }
    share_release(handle->share);
    handle->share = NULL;
    file_release(handle->file);
    simdisk_drop(handle->disk);
    return leave(SQLITE_OK);
}

static int sim_read(sqlite3_file *base, void *bytes, int length, sqlite3_int64 offset) {
    struct handle *handle = (struct handle *)base;
    int code = enter(handle, SIM_READ, SQLITE_IOERR_READ);
    if (code != SQLITE_OK) return leave(code);
    size_t at = (size_t)offset, size = handle->file->size;
    size_t there = at < size ? size - at : 0;
    if (there > (size_t)length) there = (size_t)length;
    if (there) memcpy(bytes, handle->file->bytes + at, there);
    if (there == (size_t)length) return leave(SQLITE_OK);
    memset((uint8_t *)bytes + there, 0, (size_t)length - there);
    return leave(SQLITE_IOERR_SHORT_READ);
}

static int sim_write(sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset) {
    struct handle *handle = (struct handle *)base;
    struct simdisk *disk = handle->disk;
    int code = enter(handle, SIM_WRITE, SQLITE_IOERR_WRITE);
    if (code != SQLITE_OK) return leave(code);
    size_t end = (size_t)offset + (size_t)length, size = handle->file->size;
    if (end > size && disk->limit >= 0 && disk->size + (int64_t)(end - size) > disk->limit) return leave(SQLITE_FULL);
    enum fate fate = disk_fate(disk);
    size_t part = (size_t)length;
    if (fate == FATE_SKIP) part = 0;
    if (fate == FATE_TEAR && part > disk->last_sectors * SECTOR) part = disk->last_sectors * SECTOR;
    if (part && !file_write(disk, handle->file, bytes, part, (size_t)offset)) return leave(SQLITE_NOMEM);
    return leave(fate == FATE_DO ? SQLITE_OK : SQLITE_IOERR);
}

static int sim_truncate(sqlite3_file *base, sqlite3_int64 size) {
    struct handle *handle = (struct handle *)base;
    int code = enter(handle, SIM_TRUNCATE, SQLITE_IOERR_TRUNCATE);
    if (code != SQLITE_OK) return leave(code);
    enum fate fate = disk_fate(handle->disk);
    if (fate != FATE_SKIP) file_truncate(handle->disk, handle->file, (size_t)size);
    return leave(fate == FATE_DO ? SQLITE_OK : SQLITE_IOERR);
}

static int sim_sync(sqlite3_file *base, int flags) {
    (void)flags;
    struct handle *handle = (struct handle *)base;
    int code = enter(handle, SIM_SYNC, SQLITE_IOERR_FSYNC);
    if (code != SQLITE_OK) return leave(code);
    enum fate fate = disk_fate(handle->disk);
    if (fate == FATE_DO || fate == FATE_DO_AND_STOP) file_synced(handle->file);
    return leave(fate == FATE_DO ? SQLITE_OK : SQLITE_IOERR);
}

static int sim_size(sqlite3_file *base, sqlite3_int64 *size) {
    struct handle *handle = (struct handle *)base;
    simdisk_lock();
    if (is_dead(handle)) return leave(SQLITE_IOERR_FSTAT);
    *size = (sqlite3_int64)handle->file->size;
    return leave(SQLITE_OK);
}

// Whether another process is to be found holding the lock.
static bool is_held(struct simdisk *disk) {
    if (disk->held_locks == 0) return false;
    disk->held_locks--;
    return true;
}

// As the unix VFS has it: SHARED for many, RESERVED for one beside them, EXCLUSIVE for one alone.
static int sim_lock(sqlite3_file *base, int level) {
    struct handle *handle = (struct handle *)base;
    struct file *file = handle->file;
    simdisk_lock();
    if (is_dead(handle)) return leave(SQLITE_IOERR_LOCK);
    if (handle->level >= level) return leave(SQLITE_OK);
    if (level > SQLITE_LOCK_SHARED && is_held(handle->disk)) return leave(SQLITE_BUSY);
    if (level == SQLITE_LOCK_SHARED) {
        if ((file->pending && file->pending != handle) || (file->exclusive && file->exclusive != handle))
            return leave(SQLITE_BUSY);
        file->readers++;
    } else if (level == SQLITE_LOCK_RESERVED) {
        if (file->reserved && file->reserved != handle) return leave(SQLITE_BUSY);
        file->reserved = handle;
    } else {
        if ((file->pending && file->pending != handle) || (file->reserved && file->reserved != handle))
            return leave(SQLITE_BUSY);
        file->pending = handle;
        if (level == SQLITE_LOCK_EXCLUSIVE) {
            if (file->readers > (handle->level >= SQLITE_LOCK_SHARED ? 1 : 0)) {
                handle->level = SQLITE_LOCK_PENDING;
                return leave(SQLITE_BUSY);
            }
            file->exclusive = handle;
        }
    }
    handle->level = level;
    return leave(SQLITE_OK);
}

static int sim_unlock(sqlite3_file *base, int level) {
    struct handle *handle = (struct handle *)base;
    struct file *file = handle->file;
    simdisk_lock();
    if (is_dead(handle)) return leave(SQLITE_OK);
    if (handle->level <= level) return leave(SQLITE_OK);
    if (file->reserved == handle) file->reserved = NULL;
    if (file->pending == handle) file->pending = NULL;
    if (file->exclusive == handle) file->exclusive = NULL;
    if (level == SQLITE_LOCK_NONE && handle->level >= SQLITE_LOCK_SHARED) file->readers--;
    handle->level = level;
    return leave(SQLITE_OK);
}

static int sim_check_reserved(sqlite3_file *base, int *result) {
    struct handle *handle = (struct handle *)base;
    simdisk_lock();
    if (is_dead(handle)) return leave(SQLITE_IOERR_CHECKRESERVEDLOCK);
    *result = handle->file->reserved != NULL;
    return leave(SQLITE_OK);
}

static int sim_control(sqlite3_file *base, int operation, void *argument) {
    (void)base, (void)operation, (void)argument;
    return SQLITE_NOTFOUND;
}

static int sim_sector(sqlite3_file *base) {
    (void)base;
    return SECTOR;
}

// As on Linux: a torn write harms no byte outside of what was written.
static int sim_characteristics(sqlite3_file *base) {
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

// Shared memory.

static int sim_shm_map(sqlite3_file *base, int index, int size, int extend, void volatile **region) {
    struct handle *handle = (struct handle *)base;
    *region = NULL;
    int code = enter(handle, SIM_SHARE, SQLITE_IOERR_SHMMAP);
    if (code != SQLITE_OK) return leave(code);
    struct file *file = handle->file;
    if (!file->share) {
        if (!(file->share = calloc(1, sizeof *file->share))) return leave(SQLITE_NOMEM);
        file->share->references = 1;
    }
    if (!handle->share) {
        handle->share = file->share;
        handle->share->references++;
    }
    struct share *share = handle->share;
    while (extend && share->count <= index) {
        void **regions = realloc(share->regions, (size_t)(share->count + 1) * sizeof *regions);
        if (!regions) return leave(SQLITE_NOMEM);
        share->regions = regions;
        if (!(share->regions[share->count] = calloc(1, (size_t)size))) return leave(SQLITE_NOMEM);
        share->count++;
    }
    if (index < share->count) *region = share->regions[index];
    return leave(SQLITE_OK);
}

static int sim_shm_lock(sqlite3_file *base, int offset, int count, int flags) {
    struct handle *handle = (struct handle *)base;
    simdisk_lock();
    struct share *share = handle->share;
    if (is_dead(handle) || !share) return leave(SQLITE_IOERR_SHMLOCK);
    bool is_exclusive = flags & SQLITE_SHM_EXCLUSIVE;
    if (flags & SQLITE_SHM_UNLOCK) {
        for (int at = offset; at < offset + count; at++) {
            uint16_t bit = (uint16_t)(1u << at);
            if (handle->exclusive & bit) share->exclusive[at] = NULL;
            if (handle->shared & bit) share->shared[at]--;
            handle->exclusive &= (uint16_t)~bit;
            handle->shared &= (uint16_t)~bit;
        }
        return leave(SQLITE_OK);
    }
    // Lock 0 is the one for writing (walformat: WAL_WRITE_LOCK).
    if (is_exclusive && offset == 0 && is_held(handle->disk)) return leave(SQLITE_BUSY);
    for (int at = offset; at < offset + count; at++) {
        uint16_t bit = (uint16_t)(1u << at);
        if (share->exclusive[at] && share->exclusive[at] != handle) return leave(SQLITE_BUSY);
        if (is_exclusive && share->shared[at] > ((handle->shared & bit) ? 1 : 0)) return leave(SQLITE_BUSY);
    }
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

static void sim_shm_barrier(sqlite3_file *base) {
    (void)base;
    __sync_synchronize();
}

static int sim_shm_unmap(sqlite3_file *base, int deletes) {
    struct handle *handle = (struct handle *)base;
    simdisk_lock();
    struct share *share = handle->share;
    if (share) {
        for (int at = 0; at < SQLITE_SHM_NLOCK; at++) {
            if (handle->exclusive & (1u << at)) share->exclusive[at] = NULL;
            if (handle->shared & (1u << at)) share->shared[at]--;
        }
        handle->exclusive = handle->shared = 0;
        if (deletes && handle->file->share == share) {
            handle->file->share = NULL;
            share_release(share);
        }
        handle->share = NULL;
        share_release(share);
    }
    return leave(SQLITE_OK);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = sim_close,
    .xRead = sim_read,
    .xWrite = sim_write,
    .xTruncate = sim_truncate,
    .xSync = sim_sync,
    .xFileSize = sim_size,
    .xLock = sim_lock,
    .xUnlock = sim_unlock,
    .xCheckReservedLock = sim_check_reserved,
    .xFileControl = sim_control,
    .xSectorSize = sim_sector,
    .xDeviceCharacteristics = sim_characteristics,
    .xShmMap = sim_shm_map,
    .xShmLock = sim_shm_lock,
    .xShmBarrier = sim_shm_barrier,
    .xShmUnmap = sim_shm_unmap,
};

// Paths.

static int sim_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out) {
    (void)vfs;
    simdisk_lock();
    const char *name;
    struct simdisk *disk = simdisk_find(path, &name);
    if (!disk) {
        simdisk_unlock();
        return system_vfs->xOpen(system_vfs, path, base, flags, out);
    }
    struct handle *handle = (struct handle *)base;
    memset(handle, 0, sizeof *handle);
    if (disk->is_crashed) return leave(SQLITE_CANTOPEN);
    if (disk_fails(disk, SIM_OPEN)) return leave(SQLITE_CANTOPEN);
    struct file *file = disk_file(disk, name);
    if (!file) {
        if (!(flags & SQLITE_OPEN_CREATE)) return leave(SQLITE_CANTOPEN);
        enum fate fate = disk_fate(disk);
        if (fate != FATE_SKIP && !(file = disk_add(disk, name))) return leave(SQLITE_NOMEM);
        if (fate != FATE_DO) return leave(SQLITE_CANTOPEN);
    }
    file->references++;
    simdisk_retain(disk);
    handle->disk = disk;
    handle->file = file;
    handle->generation = disk->generation;
    handle->deletes = flags & SQLITE_OPEN_DELETEONCLOSE;
    handle->base.pMethods = &methods;
    if (out) *out = flags;
    return leave(SQLITE_OK);
}

// A deletion is durable at once: SQLite syncs the folder where it matters, and a deleted log that comes back holds only
// what the database has already.
static int sim_delete(sqlite3_vfs *vfs, const char *path, int sync) {
    (void)vfs;
    simdisk_lock();
    const char *name;
    struct simdisk *disk = simdisk_find(path, &name);
    if (!disk) {
        simdisk_unlock();
        return system_vfs->xDelete(system_vfs, path, sync);
    }
    if (disk->is_crashed || disk_fails(disk, SIM_DELETE)) return leave(SQLITE_IOERR_DELETE);
    struct file *file = disk_file(disk, name);
    if (!file) return leave(SQLITE_IOERR_DELETE_NOENT);
    enum fate fate = disk_fate(disk);
    if (fate == FATE_DO || fate == FATE_DO_AND_STOP) disk_remove(disk, file);
    return leave(fate == FATE_DO ? SQLITE_OK : SQLITE_IOERR_DELETE);
}

static int sim_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
    (void)vfs;
    simdisk_lock();
    const char *name;
    struct simdisk *disk = simdisk_find(path, &name);
    if (!disk) {
        simdisk_unlock();
        return system_vfs->xAccess(system_vfs, path, flags, result);
    }
    struct file *file = disk_file(disk, name);
    // As the unix VFS: an empty file counts as none.
    *result = file && (flags != SQLITE_ACCESS_EXISTS || file->size > 0);
    return leave(SQLITE_OK);
}

static int sim_full_path(sqlite3_vfs *vfs, const char *path, int length, char *full) {
    (void)vfs;
    simdisk_lock();
    const char *name;
    struct simdisk *disk = simdisk_find(path, &name);
    simdisk_unlock();
    if (!disk) return system_vfs->xFullPathname(system_vfs, path, length, full);
    size_t size = strlen(path) + 1;
    if (size > (size_t)length) return SQLITE_CANTOPEN;
    memcpy(full, path, size);
    return SQLITE_OK;
}

static void *sim_dl_open(sqlite3_vfs *vfs, const char *path) {
    (void)vfs;
    return system_vfs->xDlOpen(system_vfs, path);
}

static void sim_dl_error(sqlite3_vfs *vfs, int length, char *message) {
    (void)vfs;
    system_vfs->xDlError(system_vfs, length, message);
}

static void (*sim_dl_symbol(sqlite3_vfs *vfs, void *library, const char *name))(void) {
    (void)vfs;
    return system_vfs->xDlSym(system_vfs, library, name);
}

static void sim_dl_close(sqlite3_vfs *vfs, void *library) {
    (void)vfs;
    system_vfs->xDlClose(system_vfs, library);
}

static int sim_randomness(sqlite3_vfs *vfs, int length, char *bytes) {
    (void)vfs;
    if (!is_seeded) return system_vfs->xRandomness(system_vfs, length, bytes);
    for (int at = 0; at < length; at++) bytes[at] = (char)chance_next(&chance);
    return length;
}

// Nobody sleeps in a simulated world: what waits for another process goes on at once, as often as it would have.
static int sim_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    return simdisk_live() > 0 ? microseconds : system_vfs->xSleep(system_vfs, microseconds);
}

static int sim_time(sqlite3_vfs *vfs, double *days) {
    (void)vfs;
    return system_vfs->xCurrentTime(system_vfs, days);
}

static int sim_last_error(sqlite3_vfs *vfs, int length, char *message) {
    (void)vfs;
    return system_vfs->xGetLastError(system_vfs, length, message);
}

static int sim_time_integer(sqlite3_vfs *vfs, sqlite3_int64 *milliseconds) {
    (void)vfs;
    return system_vfs->xCurrentTimeInt64(system_vfs, milliseconds);
}

static sqlite3_vfs sim_vfs = {
    .iVersion = 2,
    .zName = "simulated-disk",
    .xOpen = sim_open,
    .xDelete = sim_delete,
    .xAccess = sim_access,
    .xFullPathname = sim_full_path,
    .xDlOpen = sim_dl_open,
    .xDlError = sim_dl_error,
    .xDlSym = sim_dl_symbol,
    .xDlClose = sim_dl_close,
    .xRandomness = sim_randomness,
    .xSleep = sim_sleep,
    .xCurrentTime = sim_time,
    .xGetLastError = sim_last_error,
    .xCurrentTimeInt64 = sim_time_integer,
};

int simdisk_install(void) {
    simdisk_lock();
    if (system_vfs) return leave(SQLITE_OK);
    sqlite3_vfs *found = sqlite3_vfs_find(NULL);
    if (!found) return leave(SQLITE_ERROR);
    system_vfs = found;
    int size = (int)sizeof(struct handle);
    sim_vfs.szOsFile = found->szOsFile > size ? found->szOsFile : size;
    sim_vfs.mxPathname = found->mxPathname;
    return leave(sqlite3_vfs_register(&sim_vfs, 1));
}

void simdisk_seed(uint64_t seed) {
    simdisk_lock();
    is_seeded = true;
    chance = seed;
    simdisk_unlock();
    // Lets SQLite ask anew at its next need.
    sqlite3_randomness(0, NULL);
}
