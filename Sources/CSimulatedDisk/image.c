// What is done to whole files, beside SQLite.

#include <stdlib.h>
#include <string.h>

#include "internal.h"

struct simimage {
    int count;
    struct entry {
        char *name;
        struct content *content;
        size_t size;
    } files[];
};

struct simimage *simdisk_image(const struct simdisk *disk) {
    simdisk_lock();
    int count = 0;
    for (struct file *file = disk->files; file; file = file->next) count++;
    struct simimage *image = needed(malloc(sizeof *image + (size_t)count * sizeof image->files[0]));
    image->count = 0;
    for (struct file *file = disk->files; file; file = file->next) {
        if (file->content) file->content->references++;
        image->files[image->count++] = (struct entry){needed(strdup(file->name)), file->content, file->size};
    }
    simdisk_unlock();
    return image;
}

void simimage_free(struct simimage *image) {
    simdisk_lock();
    for (int index = 0; index < image->count; index++) {
        free(image->files[index].name);
        content_release(image->files[index].content);
    }
    simdisk_unlock();
    free(image);
}

int64_t simimage_size(const struct simimage *image) {
    int64_t size = 0;
    for (int index = 0; index < image->count; index++) size += (int64_t)image->files[index].size;
    return size;
}

void simdisk_restore(struct simdisk *disk, const struct simimage *image) {
    simdisk_lock();
    names_drop_all(disk);
    disk_restart(disk);
    for (int index = 0; index < image->count; index++) {
        const struct entry *entry = &image->files[index];
        file_put(disk, names_create(disk, entry->name), entry->content, entry->size);
    }
    names_flush(disk);
    simdisk_unlock();
}

// Single files.

int simdisk_exists(const struct simdisk *disk, const char *name) {
    simdisk_lock();
    return leave(disk_file(disk, name) != NULL);
}

int64_t simdisk_file_size(const struct simdisk *disk, const char *name) {
    simdisk_lock();
    const struct file *file = disk_file(disk, name);
    int64_t size = file ? (int64_t)file->size : -1;
    simdisk_unlock();
    return size;
}

int64_t simdisk_read(const struct simdisk *disk, const char *name, void *bytes, size_t capacity) {
    simdisk_lock();
    const struct file *file = disk_file(disk, name);
    int64_t result = -1;
    if (file) {
        size_t length = file->size < capacity ? file->size : capacity;
        if (length) memcpy(bytes, file->content->bytes, length);
        result = (int64_t)length;
    }
    simdisk_unlock();
    return result;
}

int64_t simdisk_name(const struct simdisk *disk, size_t index, char *name, size_t capacity) {
    simdisk_lock();
    const struct file *file = disk->files;
    while (file && index-- > 0) file = file->next;
    int64_t result = -1;
    if (file) {
        size_t length = strlen(file->name);
        if (length > capacity) length = capacity;
        memcpy(name, file->name, length);
        result = (int64_t)length;
    }
    simdisk_unlock();
    return result;
}

// Counts an operation. Whether it is to be done, and whether its caller is to hear that it was.
static bool begins(struct simdisk *disk, bool *is_heard) {
    if (disk->is_crashed) return *is_heard = false;
    enum fate fate = disk_fate(disk);
    *is_heard = fate == FATE_DO;
    return fate == FATE_DO || fate == FATE_DO_AND_STOP;
}

int simdisk_create(struct simdisk *disk, const char *name) {
    simdisk_lock();
    bool is_heard;
    if (begins(disk, &is_heard)) {
        struct file *file = disk_file(disk, name);
        if (file)
            file_truncate(disk, file, 0);
        else
            names_create(disk, name);
    }
    return leave(is_heard);
}

int simdisk_remove(struct simdisk *disk, const char *name) {
    simdisk_lock();
    struct file *file = disk_file(disk, name);
    if (!file) return leave(0);
    bool is_heard;
    if (begins(disk, &is_heard)) names_delete(disk, file);
    return leave(is_heard);
}

int simdisk_rename(struct simdisk *disk, const char *name, const char *other) {
    simdisk_lock();
    struct file *file = disk_file(disk, name);
    if (!file) return leave(0);
    bool is_heard;
    if (begins(disk, &is_heard)) {
        struct file *old = disk_file(disk, other);
        if (old && old != file) names_delete(disk, old);
        char *copy = needed(strdup(other));
        free(file->name);
        file->name = copy;
        names_flush(disk);
    }
    return leave(is_heard);
}

int simdisk_overwrite(struct simdisk *disk, const char *name, size_t offset, const void *bytes, size_t length) {
    simdisk_lock();
    struct file *file = disk_file(disk, name);
    if (!file || offset > file->size || length > file->size - offset) return leave(0);
    if (length) file_overwrite(file, offset, bytes, length);
    return leave(1);
}

int simdisk_damage(struct simdisk *disk, const char *name, size_t offset, uint8_t bits) {
    simdisk_lock();
    struct file *file = disk_file(disk, name);
    if (!file || offset >= file->size) return leave(0);
    uint8_t byte = file->content->bytes[offset] ^ bits;
    file_overwrite(file, offset, &byte, 1);
    return leave(1);
}
