// The content of files, and what of it survives a loss of power.

#include <stdlib.h>
#include <string.h>

#include "internal.h"

// Beyond this the oldest changes count as durable: a machine writes out by itself what nobody syncs.
#define MOST_CHANGES 16384
#define MOST_KEPT (16u << 20)
// Memory beyond this is given back when it is not needed: there are thousands of disks.
#define SPARE (256u << 10)

// SplitMix64.
uint64_t chance_next(uint64_t *state) {
    uint64_t mixed = *state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

void *needed(void *memory) {
    if (!memory) abort();
    return memory;
}

static size_t doubled(size_t capacity, size_t first, size_t wanted) {
    if (!capacity) capacity = first;
    while (capacity < wanted) capacity *= 2;
    return capacity;
}

void content_release(struct content *content) {
    if (content && --content->references == 0) free(content);
}

// Makes the bytes the file's own, with room for a size.
static void own(struct file *file, size_t size) {
    struct content *old = file->content;
    size_t capacity = old ? old->capacity : 0;
    bool is_shared = old && old->references > 1;
    if (old && !is_shared && size <= capacity) return;
    capacity = doubled(capacity, 4096, size);
    size_t bytes = sizeof *old + capacity;
    if (is_shared) {
        file->content = needed(malloc(bytes));
        memcpy(file->content->bytes, old->bytes, file->size);
        old->references--;
    } else {
        file->content = needed(realloc(old, bytes));
    }
    file->content->references = 1;
    file->content->capacity = capacity;
}

static void resize(struct simdisk *disk, struct file *file, size_t size) {
    if (size > file->size) {
        own(file, size);
        memset(file->content->bytes + file->size, 0, size - file->size);
    }
    if (file->is_linked) disk->size += (int64_t)size - (int64_t)file->size;
    file->size = size;
    if (size > 0 || !file->content || file->content->capacity <= SPARE) return;
    content_release(file->content);
    file->content = NULL;
}

// Lets the older half of the changes be durable.
static void write_back(struct file *file) {
    size_t half = file->change_count / 2;
    if (half == 0) return;
    size_t kept = file->changes[half].kept;
    file->change_count -= half;
    memmove(file->changes, file->changes + half, file->change_count * sizeof *file->changes);
    for (size_t index = 0; index < file->change_count; index++) file->changes[index].kept -= kept;
    file->journal_size -= kept;
    memmove(file->journal, file->journal + kept, file->journal_size);
}

// Takes note of a change before it is made, with the bytes that it is about to replace.
static void note(struct file *file, bool is_truncation, size_t offset, size_t length) {
    if (file->change_count >= MOST_CHANGES || file->journal_size >= MOST_KEPT) write_back(file);
    if (file->change_count == file->change_capacity) {
        file->change_capacity = doubled(file->change_capacity, 32, file->change_count + 1);
        file->changes = needed(realloc(file->changes, file->change_capacity * sizeof *file->changes));
    }
    size_t old = offset < file->size ? file->size - offset : 0;
    if (old > length) old = length;
    if (file->journal_size + old > file->journal_capacity) {
        file->journal_capacity = doubled(file->journal_capacity, 4096, file->journal_size + old);
        file->journal = needed(realloc(file->journal, file->journal_capacity));
    }
    if (old) memcpy(file->journal + file->journal_size, file->content->bytes + offset, old);
    file->changes[file->change_count++] = (struct change){
        .is_truncation = is_truncation, .offset = offset, .length = length, .size_before = file->size,
        .kept = file->journal_size, .kept_length = old};
    file->journal_size += old;
}

// Puts bytes in place; grows the file if need be.
static void put(struct simdisk *disk, struct file *file, const void *bytes, size_t length, size_t offset) {
    size_t end = offset + length, size = file->size;
    own(file, end > size ? end : size);
    if (offset > size) resize(disk, file, offset);
    memcpy(file->content->bytes + offset, bytes, length);
    if (end <= size) return;
    if (file->is_linked) disk->size += (int64_t)end - (int64_t)file->size;
    file->size = end;
}

void file_write(struct simdisk *disk, struct file *file, const void *bytes, size_t length, size_t offset) {
    if (!length) return;
    note(file, false, offset, length);
    put(disk, file, bytes, length, offset);
}

void file_truncate(struct simdisk *disk, struct file *file, size_t size) {
    if (size == file->size) return;
    note(file, true, size, size < file->size ? file->size - size : 0);
    resize(disk, file, size);
}

void file_synced(struct file *file) {
    file->change_count = 0;
    file->journal_size = 0;
    if (file->journal_capacity <= SPARE) return;
    free(file->journal);
    file->journal = NULL;
    file->journal_capacity = 0;
}

void file_overwrite(struct file *file, size_t offset, const void *bytes, size_t length) {
    own(file, file->size);
    memcpy(file->content->bytes + offset, bytes, length);
}

void file_put(struct simdisk *disk, struct file *file, struct content *content, size_t size) {
    if (content) content->references++;
    content_release(file->content);
    file->content = content;
    if (file->is_linked) disk->size += (int64_t)size - (int64_t)file->size;
    file->size = size;
    file_synced(file);
}

// How a loss of power chooses among the changes of a file.
enum choice { KEEP_NONE, KEEP_ALL, KEEP_FIRST, KEEP_ALL_BUT_ONE, KEEP_EITHER, KEEP_SECTORS, CHOICES };

// Redoes a change: all sectors of it, or a choice of them.
static void redo(struct simdisk *disk, struct file *file, const struct change *change, const uint8_t *made,
                 bool is_torn, uint64_t *chance) {
    if (change->is_truncation) return resize(disk, file, change->offset);
    for (size_t at = 0; at < change->length;) {
        size_t part = SECTOR - (change->offset + at) % SECTOR;
        if (part > change->length - at) part = change->length - at;
        if (!is_torn || chance_next(chance) % 2) put(disk, file, made + at, part, change->offset + at);
        at += part;
    }
}

// Goes back to the last sync. Returns what the writes had put in place, one behind the other from the last to the first.
static uint8_t *undo_all(struct simdisk *disk, struct file *file) {
    size_t length = 0, at = 0;
    for (size_t index = 0; index < file->change_count; index++)
        if (!file->changes[index].is_truncation) length += file->changes[index].length;
    uint8_t *made = needed(malloc(length ? length : 1));
    own(file, file->size);
    for (size_t index = file->change_count; index-- > 0;) {
        const struct change *change = &file->changes[index];
        if (!change->is_truncation) {
            memcpy(made + at, file->content->bytes + change->offset, change->length);
            at += change->length;
        }
        resize(disk, file, change->size_before);
        if (change->kept_length)
            memcpy(file->content->bytes + change->offset, file->journal + change->kept, change->kept_length);
    }
    return made;
}

// Goes back to the last sync, and then makes a choice of the changes since then.
void file_lose(struct simdisk *disk, struct file *file, uint64_t *chance) {
    size_t count = file->change_count;
    if (count == 0) return;
    uint8_t *made = undo_all(disk, file);
    size_t at = 0;
    for (size_t index = 0; index < count; index++)
        if (!file->changes[index].is_truncation) at += file->changes[index].length;
    enum choice choice = chance_next(chance) % CHOICES;
    size_t one = chance_next(chance) % count;
    for (size_t index = 0; index < count; index++) {
        const struct change *change = &file->changes[index];
        if (!change->is_truncation) at -= change->length;
        bool is_torn = choice == KEEP_SECTORS || (choice == KEEP_FIRST && index == one);
        bool is_kept = choice == KEEP_ALL || (choice == KEEP_FIRST && index <= one) ||
                       (choice == KEEP_ALL_BUT_ONE && index != one) ||
                       ((choice == KEEP_EITHER || (choice == KEEP_SECTORS && change->is_truncation)) &&
                        chance_next(chance) % 2) ||
                       (choice == KEEP_SECTORS && !change->is_truncation);
        if (is_kept) redo(disk, file, change, made + at, is_torn, chance);
    }
    free(made);
    file_synced(file);
}

void file_release(struct file *file) {
    if (--file->references > 0) return;
    content_release(file->content);
    free(file->name);
    free(file->changes);
    free(file->journal);
    free(file);
}
