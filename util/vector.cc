#include "util/vector.h"

namespace util {

Result<void> VectorStorage::reserve(std::size_t capacity, std::size_t item_size) {
    if (capacity <= capacity_) return {};
    if (capacity > PTRDIFF_MAX / item_size) return kOutOfMemory;
    void* items = heap_allocate(capacity * item_size);
    if (!items) return kOutOfMemory;
    if (size_) std::memcpy(items, items_, size_ * item_size);
    heap_free(items_);
    items_ = items;
    capacity_ = capacity;
    return {};
}

Result<void> VectorStorage::make_room(std::size_t item_size) {
    if (size_ < capacity_) return {};
    return reserve(capacity_ ? capacity_ * 2 : 4, item_size);
}

}  // namespace util
