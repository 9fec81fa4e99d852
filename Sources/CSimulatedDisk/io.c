// Open files: what SQLite reads and writes.

#include <stdlib.h>
#include <string.h>

#include "internal.h"

bool is_dead(const struct handle *handle) {
    return handle->disk->is_crashed || handle->generation != handle->disk->generation;
}

// Starts a call of a kind. Returns with the lock held, and SQLITE_OK or what the call fails with.
static int enter(struct handle *handle, enum simcall call, int failure) {
    simdisk_lock();
    return is_dead(handle) || disk_fails(handle->disk, call) ? failure : SQLITE_OK;
}

static int sim_close(sqlite3_file *base) {
    struct handle *handle = (struct handle *)base;
    simdisk_lock();
    handle_unlock(handle, SQLITE_LOCK_NONE);
    handle_unmap(handle);
    if (!is_dead(handle) && handle->deletes && handle->file->is_linked) names_delete(handle->disk, handle->file);
    file_release(handle->file);
    simdisk_drop(handle->disk);
    return leave(SQLITE_OK);
}

static int sim_read(sqlite3_file *base, void *bytes, int length, sqlite3_int64 offset) {
    struct handle *handle = (struct handle *)base;
    int code = enter(handle, SIM_READ, SQLITE_IOERR_READ);
    if (code != SQLITE_OK) return leave(code);
    const struct file *file = handle->file;
    size_t at = (size_t)offset, wanted = (size_t)length;
    size_t there = at < file->size ? file->size - at : 0;
    if (there > wanted) there = wanted;
    if (there) memcpy(bytes, file->content->bytes + at, there);
    handle->disk->counters.bytes_read += there;
    if (there == wanted) return leave(SQLITE_OK);
    memset((uint8_t *)bytes + there, 0, wanted - there);
    return leave(SQLITE_IOERR_SHORT_READ);
}

// What of a write is done.
static size_t written_part(const struct simdisk *disk, enum fate fate, size_t length, size_t offset) {
    if (fate == FATE_SKIP) return 0;
    if (fate != FATE_TEAR) return length;
    size_t end = (offset / SECTOR + disk->last_sectors) * SECTOR;
    size_t part = end > offset ? end - offset : 0;
    return part < length ? part : length;
}

static int sim_write(sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset) {
    struct handle *handle = (struct handle *)base;
    struct simdisk *disk = handle->disk;
    struct file *file = handle->file;
    int code = enter(handle, SIM_WRITE, SQLITE_IOERR_WRITE);
    if (code != SQLITE_OK) return leave(code);
    size_t at = (size_t)offset, part = (size_t)length;
    // As a system does that runs out of space: what fits is written.
    if (at + part > file->size && (int64_t)(at + part - file->size) > disk_room(disk)) {
        size_t end = file->size + (size_t)disk_room(disk);
        part = end > at ? end - at : 0;
        code = SQLITE_FULL;
    }
    enum fate fate = disk_fate(disk);
    if (fate != FATE_DO) code = SQLITE_IOERR_WRITE;
    part = written_part(disk, fate, part, at);
    file_write(disk, file, bytes, part, at);
    disk->counters.bytes_written += part;
    return leave(code);
}

static int sim_truncate(sqlite3_file *base, sqlite3_int64 size) {
    struct handle *handle = (struct handle *)base;
    struct simdisk *disk = handle->disk;
    int code = enter(handle, SIM_TRUNCATE, SQLITE_IOERR_TRUNCATE);
    if (code != SQLITE_OK) return leave(code);
    if (size - (int64_t)handle->file->size > disk_room(disk)) return leave(SQLITE_FULL);
    enum fate fate = disk_fate(disk);
    if (fate != FATE_SKIP) file_truncate(disk, handle->file, (size_t)size);
    return leave(fate == FATE_DO ? SQLITE_OK : SQLITE_IOERR_TRUNCATE);
}

static int sim_sync(sqlite3_file *base, int flags) {
    (void)flags;
    struct handle *handle = (struct handle *)base;
    int code = enter(handle, SIM_SYNC, SQLITE_IOERR_FSYNC);
    if (code != SQLITE_OK) return leave(code);
    enum fate fate = disk_fate(handle->disk);
    if (fate == FATE_DO || fate == FATE_DO_AND_STOP) {
        file_synced(handle->file);
        names_synced(handle->disk, handle->file);
    }
    return leave(fate == FATE_DO ? SQLITE_OK : SQLITE_IOERR_FSYNC);
}

static int sim_size(sqlite3_file *base, sqlite3_int64 *size) {
    struct handle *handle = (struct handle *)base;
    simdisk_lock();
    if (is_dead(handle)) return leave(SQLITE_IOERR_FSTAT);
    *size = (sqlite3_int64)handle->file->size;
    return leave(SQLITE_OK);
}

static int sim_control(sqlite3_file *base, int operation, void *argument) {
    struct handle *handle = (struct handle *)base;
    int *value = argument;
    simdisk_lock();
    switch (operation) {
    case SQLITE_FCNTL_LOCKSTATE: *value = handle->level; break;
    case SQLITE_FCNTL_HAS_MOVED: *value = !handle->file->is_linked; break;
    case SQLITE_FCNTL_PERSIST_WAL:
        if (*value < 0)
            *value = handle->persists_log;
        else
            handle->persists_log = *value != 0;
        break;
    default: return leave(SQLITE_NOTFOUND);
    }
    return leave(SQLITE_OK);
}

static int sim_sector(sqlite3_file *base) {
    (void)base;
    return SECTOR;
}

// A write that tears harms no byte outside of what was written (CSimulatedDisk.h says why this is reported).
static int sim_characteristics(sqlite3_file *base) {
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

const sqlite3_io_methods sim_methods = {
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
