// Disks: their files, and what happens to them.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct simdisk *disks;
static uint64_t last_number;
static int live;

static const char root[] = "/simulated-disk/";

void simdisk_lock(void) { pthread_mutex_lock(&mutex); }
void simdisk_unlock(void) { pthread_mutex_unlock(&mutex); }

struct simdisk *simdisk_make(void) {
    struct simdisk *disk = calloc(1, sizeof *disk);
    if (!disk) return NULL;
    simdisk_lock();
    disk->number = ++last_number;
    disk->references = 1;
    disk->limit = -1;
    disk->next = disks;
    disks = disk;
    live++;
    simdisk_unlock();
    return disk;
}

void simdisk_retain(struct simdisk *disk) { disk->references++; }

static void drop_files(struct simdisk *disk) {
    while (disk->files) {
        struct file *file = disk->files;
        disk->files = file->next;
        file->next = NULL;
        disk->size -= (int64_t)file->size;
        file_release(file);
    }
}

void simdisk_drop(struct simdisk *disk) {
    if (--disk->references > 0) return;
    for (struct simdisk **at = &disks; *at; at = &(*at)->next) {
        if (*at != disk) continue;
        *at = disk->next;
        break;
    }
    drop_files(disk);
    free(disk);
    live--;
}

void simdisk_release(struct simdisk *disk) {
    simdisk_lock();
    simdisk_drop(disk);
    simdisk_unlock();
}

uint64_t simdisk_number(const struct simdisk *disk) { return disk->number; }

int simdisk_live(void) {
    simdisk_lock();
    int count = live;
    simdisk_unlock();
    return count;
}

// The disk that a path is on, and the name there; NULL for the paths of others. Called under the lock.
struct simdisk *simdisk_find(const char *path, const char **name) {
    if (!path || strncmp(path, root, sizeof root - 1) != 0) return NULL;
    char *end;
    uint64_t number = strtoull(path + sizeof root - 1, &end, 10);
    if (*end != '/') return NULL;
    *name = end + 1;
    for (struct simdisk *disk = disks; disk; disk = disk->next)
        if (disk->number == number) return disk;
    return NULL;
}

struct file *disk_file(const struct simdisk *disk, const char *name) {
    for (struct file *file = disk->files; file; file = file->next)
        if (strcmp(file->name, name) == 0) return file;
    return NULL;
}

struct file *disk_add(struct simdisk *disk, const char *name) {
    struct file *file = calloc(1, sizeof *file);
    if (!file) return NULL;
    file->name = strdup(name);
    file->references = 1;
    // At the end, so that the order of files is that of their creation.
    struct file **at = &disk->files;
    while (*at) at = &(*at)->next;
    *at = file;
    return file;
}

bool disk_remove(struct simdisk *disk, struct file *file) {
    for (struct file **at = &disk->files; *at; at = &(*at)->next) {
        if (*at != file) continue;
        *at = file->next;
        file->next = NULL;
        disk->size -= (int64_t)file->size;
        file_release(file);
        return true;
    }
    return false;
}

bool disk_fails(struct simdisk *disk, enum simcall call) {
    disk->calls[call]++;
    if (disk->fail_times[call] == 0) return false;
    if (disk->fail_after[call] > 0) {
        disk->fail_after[call]--;
        return false;
    }
    disk->fail_times[call]--;
    return true;
}

enum fate disk_fate(struct simdisk *disk) {
    disk->mutations++;
    if (disk->crash_in == 0 || --disk->crash_in > 0) return FATE_DO;
    disk->is_crashed = true;
    return disk->last == SIM_LOST ? FATE_SKIP : disk->last == SIM_TORN ? FATE_TEAR : FATE_DO_AND_STOP;
}

void simdisk_crash_after(struct simdisk *disk, uint64_t count, enum simlast last, uint32_t sectors) {
    simdisk_lock();
    disk->crash_in = count;
    disk->last = last;
    disk->last_sectors = sectors;
    simdisk_unlock();
}

int simdisk_is_crashed(const struct simdisk *disk) {
    simdisk_lock();
    int is_crashed = disk->is_crashed;
    simdisk_unlock();
    return is_crashed;
}

// What was open stays unusable: handles are of an earlier generation, and no longer share anything with new ones.
static void restart(struct simdisk *disk) {
    disk->generation++;
    disk->is_crashed = false;
    disk->crash_in = 0;
    for (struct file *file = disk->files; file; file = file->next) {
        file->readers = 0;
        file->reserved = file->pending = file->exclusive = NULL;
        share_release(file->share);
        file->share = NULL;
    }
}

void simdisk_power_cycle(struct simdisk *disk, int loses, uint64_t seed) {
    simdisk_lock();
    restart(disk);
    uint64_t chance = seed;
    struct file *next;
    for (struct file *file = disk->files; file; file = next) {
        next = file->next;
        if (!loses) continue;
        if (!file->is_durable && chance_next(&chance) % 2)
            disk_remove(disk, file);
        else
            file_lose(disk, file, &chance);
    }
    simdisk_unlock();
}

void simdisk_limit(struct simdisk *disk, int64_t bytes) {
    simdisk_lock();
    disk->limit = bytes;
    simdisk_unlock();
}

void simdisk_fail(struct simdisk *disk, enum simcall call, uint64_t after, uint64_t times) {
    simdisk_lock();
    disk->fail_after[call] = after;
    disk->fail_times[call] = times;
    simdisk_unlock();
}

void simdisk_hold_locks(struct simdisk *disk, uint64_t attempts) {
    simdisk_lock();
    disk->held_locks = attempts;
    simdisk_unlock();
}

void simdisk_clear(struct simdisk *disk) {
    simdisk_lock();
    disk->limit = -1;
    disk->held_locks = 0;
    disk->crash_in = 0;
    memset(disk->fail_times, 0, sizeof disk->fail_times);
    simdisk_unlock();
}

uint64_t simdisk_mutations(const struct simdisk *disk) { return disk->mutations; }
int64_t simdisk_size(const struct simdisk *disk) { return disk->size; }
uint64_t simdisk_calls(const struct simdisk *disk, enum simcall call) { return disk->calls[call]; }

int simdisk_exists(const struct simdisk *disk, const char *name) {
    simdisk_lock();
    int exists = disk_file(disk, name) != NULL;
    simdisk_unlock();
    return exists;
}

int simdisk_create(struct simdisk *disk, const char *name) {
    simdisk_lock();
    int done = !disk->is_crashed && disk_fate(disk) == FATE_DO;
    if (done && !disk_file(disk, name)) done = disk_add(disk, name) != NULL;
    simdisk_unlock();
    return done;
}

int simdisk_remove(struct simdisk *disk, const char *name) {
    simdisk_lock();
    struct file *file = disk_file(disk, name);
    int done = file && !disk->is_crashed && disk_fate(disk) == FATE_DO && disk_remove(disk, file);
    simdisk_unlock();
    return done;
}

// At once and durable, as after a rename and a sync of the folder.
int simdisk_rename(struct simdisk *disk, const char *name, const char *other) {
    simdisk_lock();
    struct file *file = disk_file(disk, name);
    int done = file && !disk->is_crashed && disk_fate(disk) == FATE_DO;
    if (done) {
        struct file *old = disk_file(disk, other);
        if (old && old != file) disk_remove(disk, old);
        char *copy = strdup(other);
        done = copy != NULL;
        if (done) {
            free(file->name);
            file->name = copy;
            file->is_durable = true;
        }
    }
    simdisk_unlock();
    return done;
}

int simdisk_damage(struct simdisk *disk, const char *name, size_t offset, uint8_t bits) {
    simdisk_lock();
    struct file *file = disk_file(disk, name);
    int done = file && offset < file->size;
    if (done) file->bytes[offset] ^= bits;
    simdisk_unlock();
    return done;
}

// Images.

struct simimage {
    int count;
    struct entry {
        char *name;
        uint8_t *bytes;
        size_t size;
    } files[];
};

struct simimage *simdisk_image(const struct simdisk *disk) {
    simdisk_lock();
    int count = 0;
    for (struct file *file = disk->files; file; file = file->next) count++;
    struct simimage *image = calloc(1, sizeof *image + (size_t)count * sizeof image->files[0]);
    if (image) {
        for (struct file *file = disk->files; file; file = file->next) {
            struct entry *entry = &image->files[image->count++];
            entry->name = strdup(file->name);
            entry->size = file->size;
            entry->bytes = malloc(file->size ? file->size : 1);
            if (entry->bytes && file->size) memcpy(entry->bytes, file->bytes, file->size);
        }
    }
    simdisk_unlock();
    return image;
}

void simimage_free(struct simimage *image) {
    if (!image) return;
    for (int index = 0; index < image->count; index++) {
        free(image->files[index].name);
        free(image->files[index].bytes);
    }
    free(image);
}

void simdisk_restore(struct simdisk *disk, const struct simimage *image) {
    simdisk_lock();
    restart(disk);
    drop_files(disk);
    for (int index = 0; index < image->count; index++) {
        const struct entry *entry = &image->files[index];
        struct file *file = disk_add(disk, entry->name);
        if (!file || !entry->size) continue;
        file_write(disk, file, entry->bytes, entry->size, 0);
        file_synced(file);
    }
    simdisk_unlock();
}
