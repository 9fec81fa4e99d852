// The VFS: paths, chance and time.

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static sqlite3_vfs *system_vfs;
static bool is_seeded;
static uint64_t chance;
static uint64_t slept;

static int sim_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out) {
    (void)vfs;
    if (!path_is_ours(path)) return system_vfs->xOpen(system_vfs, path, base, flags, out);
    struct handle *handle = (struct handle *)base;
    memset(handle, 0, sizeof *handle);
    simdisk_lock();
    const char *name;
    struct simdisk *disk = simdisk_find(path, &name);
    if (!disk || disk->is_crashed || disk_fails(disk, SIM_OPEN)) return leave(SQLITE_CANTOPEN);
    struct file *file = disk_file(disk, name);
    if (file && (flags & SQLITE_OPEN_EXCLUSIVE) && (flags & SQLITE_OPEN_CREATE)) return leave(SQLITE_CANTOPEN);
    if (!file) {
        if (!(flags & SQLITE_OPEN_CREATE)) return leave(SQLITE_CANTOPEN);
        enum fate fate = disk_fate(disk);
        if (fate == FATE_DO || fate == FATE_DO_AND_STOP) file = names_create(disk, name);
        if (fate != FATE_DO) return leave(SQLITE_CANTOPEN);
    }
    file->references++;
    disk->references++;
    handle->disk = disk;
    handle->file = file;
    handle->generation = disk->generation;
    handle->deletes = flags & SQLITE_OPEN_DELETEONCLOSE;
    handle->base.pMethods = &sim_methods;
    if (out) *out = flags;
    return leave(SQLITE_OK);
}

static int sim_delete(sqlite3_vfs *vfs, const char *path, int syncs_folder) {
    (void)vfs;
    if (!path_is_ours(path)) return system_vfs->xDelete(system_vfs, path, syncs_folder);
    simdisk_lock();
    const char *name;
    struct simdisk *disk = simdisk_find(path, &name);
    if (!disk || disk->is_crashed || disk_fails(disk, SIM_DELETE)) return leave(SQLITE_IOERR_DELETE);
    struct file *file = disk_file(disk, name);
    if (!file) return leave(SQLITE_IOERR_DELETE_NOENT);
    enum fate fate = disk_fate(disk);
    if (fate == FATE_DO || fate == FATE_DO_AND_STOP) {
        names_delete(disk, file);
        if (syncs_folder) names_flush(disk);
    }
    return leave(fate == FATE_DO ? SQLITE_OK : SQLITE_IOERR_DELETE);
}

static int sim_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
    (void)vfs;
    if (!path_is_ours(path)) return system_vfs->xAccess(system_vfs, path, flags, result);
    *result = 0;
    simdisk_lock();
    const char *name;
    struct simdisk *disk = simdisk_find(path, &name);
    if (!disk) return leave(SQLITE_OK);
    if (disk->is_crashed) return leave(SQLITE_IOERR_ACCESS);
    const struct file *file = disk_file(disk, name);
    // As the unix VFS: an empty file counts as none.
    *result = file && (flags != SQLITE_ACCESS_EXISTS || file->size > 0);
    return leave(SQLITE_OK);
}

static int sim_full_path(sqlite3_vfs *vfs, const char *path, int length, char *full) {
    (void)vfs;
    if (!path_is_ours(path)) return system_vfs->xFullPathname(system_vfs, path, length, full);
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
    simdisk_lock();
    bool is_ours = is_seeded && disks_exist();
    for (int at = 0; is_ours && at < length; at++) bytes[at] = (char)chance_next(&chance);
    simdisk_unlock();
    return is_ours ? length : system_vfs->xRandomness(system_vfs, length, bytes);
}

// Nobody sleeps in a simulated world: who waits for a lock there tries again at once, as often as he would have. Who
// waits for a lock of a real file does sleep: real and simulated databases live side by side in a process with tests.
static int sim_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    simdisk_lock();
    bool is_ours = take_owed_sleep();
    if (is_ours) slept += (uint64_t)microseconds;
    simdisk_unlock();
    return is_ours ? microseconds : system_vfs->xSleep(system_vfs, microseconds);
}

uint64_t simdisk_slept(void) {
    simdisk_lock();
    uint64_t microseconds = slept;
    simdisk_unlock();
    return microseconds;
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

int simdisk_use_one_thread(void) {
    int code = sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    return code == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) : code;
}

int simdisk_install(void) {
    // Initializes SQLite before the lock is taken: its own locks come first.
    sqlite3_vfs *found = sqlite3_vfs_find(NULL);
    simdisk_lock();
    if (system_vfs) return leave(SQLITE_OK);
    if (!found) return leave(SQLITE_ERROR);
    system_vfs = found;
    // Disks and SQLite's caches come and go all the time: what one of them gave back is kept for the next.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
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
