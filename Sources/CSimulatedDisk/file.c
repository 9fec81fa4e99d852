// The content of files, and what of it survives a loss of power.

#include <stdlib.h>
#include <string.h>

#include "internal.h"

// SplitMix64.
uint64_t chance_next(uint64_t *state) {
    uint64_t mixed = *state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

static bool reserve(uint8_t **bytes, size_t *capacity, size_t size) {
    if (size <= *capacity) return true;
    size_t wanted = *capacity ? *capacity : 4096;
    while (wanted < size) wanted *= 2;
    uint8_t *grown = realloc(*bytes, wanted);
    if (!grown) return false;
    *bytes = grown;
    *capacity = wanted;
    return true;
}

// Takes note of a change before it is made, with the bytes that it is about to replace.
static bool note(struct file *file, bool is_truncation, size_t offset, size_t length) {
    if (file->change_count == file->change_capacity) {
        size_t capacity = file->change_capacity ? 2 * file->change_capacity : 32;
        struct change *grown = realloc(file->changes, capacity * sizeof *grown);
        if (!grown) return false;
        file->changes = grown;
        file->change_capacity = capacity;
    }
    size_t old = offset < file->size ? file->size - offset : 0;
    if (old > length) old = length;
    if (!reserve(&file->journal, &file->journal_capacity, file->journal_size + old)) return false;
    if (old) memcpy(file->journal + file->journal_size, file->bytes + offset, old);
    file->changes[file->change_count++] = (struct change){
        .is_truncation = is_truncation, .offset = offset, .length = length, .size_before = file->size,
        .kept = file->journal_size, .kept_length = old};
    file->journal_size += old;
    return true;
}

static bool resize(struct simdisk *disk, struct file *file, size_t size) {
    if (size > file->size) {
        if (!reserve(&file->bytes, &file->capacity, size)) return false;
        memset(file->bytes + file->size, 0, size - file->size);
    }
    disk->size += (int64_t)size - (int64_t)file->size;
    file->size = size;
    return true;
}

bool file_write(struct simdisk *disk, struct file *file, const void *bytes, size_t length, size_t offset) {
    if (!note(file, false, offset, length)) return false;
    if (offset + length > file->size && !resize(disk, file, offset + length)) return false;
    memcpy(file->bytes + offset, bytes, length);
    return true;
}

void file_truncate(struct simdisk *disk, struct file *file, size_t size) {
    if (size >= file->size) return;
    if (note(file, true, size, file->size - size)) resize(disk, file, size);
}

void file_synced(struct file *file) {
    file->change_count = 0;
    file->journal_size = 0;
    file->is_durable = true;
}

// Goes back to the last sync, and then makes a choice of the changes since then, each whole, in part or not at all.
void file_lose(struct simdisk *disk, struct file *file, uint64_t *chance) {
    size_t count = file->change_count;
    uint8_t **made = calloc(count ? count : 1, sizeof *made);
    if (!made) return;
    for (size_t index = count; index-- > 0;) {
        struct change *change = &file->changes[index];
        if (!change->is_truncation && change->length && (made[index] = malloc(change->length)))
            memcpy(made[index], file->bytes + change->offset, change->length);
        resize(disk, file, change->size_before);
        if (change->kept_length)
            memcpy(file->bytes + change->offset, file->journal + change->kept, change->kept_length);
    }
    for (size_t index = 0; index < count; index++) {
        struct change *change = &file->changes[index];
        uint64_t fate = chance_next(chance) % 4;
        if (change->is_truncation) {
            if (fate < 2 && change->offset < file->size) resize(disk, file, change->offset);
        } else if (made[index] && fate < 3) {
            for (size_t at = 0; at < change->length; at += SECTOR) {
                if (fate == 0 && chance_next(chance) % 2) continue;
                size_t part = change->length - at < SECTOR ? change->length - at : SECTOR;
                size_t end = change->offset + at + part;
                if (end > file->size && !resize(disk, file, end)) break;
                memcpy(file->bytes + change->offset + at, made[index] + at, part);
            }
        }
        free(made[index]);
    }
    free(made);
    file->change_count = 0;
    file->journal_size = 0;
}

void share_release(struct share *share) {
    if (!share || --share->references > 0) return;
    for (int index = 0; index < share->count; index++) free(share->regions[index]);
    free(share->regions);
    free(share);
}

void file_release(struct file *file) {
    if (--file->references > 0) return;
    share_release(file->share);
    free(file->name);
    free(file->bytes);
    free(file->changes);
    free(file->journal);
    free(file);
}
