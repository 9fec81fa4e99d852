// The names of a disk's files, and which changes of them survive a loss of power.

#include <stdlib.h>
#include <string.h>

#include "internal.h"

struct file *disk_file(const struct simdisk *disk, const char *name) {
    for (struct file *file = disk->files; file; file = file->next)
        if (strcmp(file->name, name) == 0) return file;
    return NULL;
}

// At the end, so that the order of files is that of their creation.
static void link_file(struct simdisk *disk, struct file *file) {
    struct file **at = &disk->files;
    while (*at) at = &(*at)->next;
    *at = file;
    file->next = NULL;
    file->is_linked = true;
    file->references++;
    disk->size += (int64_t)file->size;
}

static void unlink_file(struct simdisk *disk, struct file *file) {
    struct file **at = &disk->files;
    while (*at && *at != file) at = &(*at)->next;
    if (!*at) return;
    *at = file->next;
    file->next = NULL;
    file->is_linked = false;
    disk->size -= (int64_t)file->size;
    file_release(file);
}

// Makes the oldest changes durable.
static void settle(struct simdisk *disk, int count) {
    for (int index = 0; index < count; index++) {
        struct naming *naming = &disk->namings[index];
        if (naming->is_creation) naming->file->is_named = true;
        file_release(naming->file);
    }
    disk->naming_count -= count;
    memmove(disk->namings, disk->namings + count, (size_t)disk->naming_count * sizeof disk->namings[0]);
}

static void record(struct simdisk *disk, bool is_creation, struct file *file) {
    // A machine makes names durable by itself, with time.
    if (disk->naming_count == NAMINGS) settle(disk, 1);
    file->references++;
    disk->namings[disk->naming_count++] = (struct naming){is_creation, file};
}

struct file *names_create(struct simdisk *disk, const char *name) {
    struct file *file = needed(calloc(1, sizeof *file));
    file->name = needed(strdup(name));
    link_file(disk, file);
    record(disk, true, file);
    return file;
}

void names_delete(struct simdisk *disk, struct file *file) {
    record(disk, false, file);
    unlink_file(disk, file);
}

void names_flush(struct simdisk *disk) { settle(disk, disk->naming_count); }

void names_synced(struct simdisk *disk, struct file *file) {
    if (file->is_named) return;
    for (int index = disk->naming_count; index-- > 0;) {
        if (!disk->namings[index].is_creation || disk->namings[index].file != file) continue;
        settle(disk, index + 1);
        return;
    }
}

// Undoes the last few changes.
void names_lose(struct simdisk *disk, uint64_t *chance) {
    int kept = (int)(chance_next(chance) % (uint64_t)(disk->naming_count + 1));
    while (disk->naming_count > kept) {
        struct naming *naming = &disk->namings[--disk->naming_count];
        if (naming->is_creation)
            unlink_file(disk, naming->file);
        else
            link_file(disk, naming->file);
        file_release(naming->file);
    }
    names_flush(disk);
}

void names_drop_all(struct simdisk *disk) {
    names_flush(disk);
    while (disk->files) unlink_file(disk, disk->files);
}
