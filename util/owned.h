// Owned<T>: the one way to own something on the heap. make_owned is the only place that allocates single
// objects; running out of memory is a Failure.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#include "util/result.h"

namespace util {

// Defined by each platform. allocate returns nullptr when there is no memory; alignment 16.
[[gnu::noinline, gnu::malloc]] void* heap_allocate(std::size_t size);
void heap_free(void* block);

template <class T>
class Owned {
  public:
    constexpr Owned() = default;
    constexpr Owned(std::nullptr_t) {}
    explicit Owned(T* object) : object_(object) {}
    Owned(Owned&& other) : object_(other.release()) {}
    template <class U>
        requires std::is_convertible_v<U*, T*>
    Owned(Owned<U>&& other) : object_(other.release()) {
        static_assert(std::is_same_v<U, T> || std::has_virtual_destructor_v<T>);
    }
    Owned& operator=(Owned&& other) {
        if (this != &other) {
            reset();
            object_ = other.release();
        }
        return *this;
    }
    ~Owned() { reset(); }

    T* get() const { return object_; }
    T* operator->() const { return object_; }
    T& operator*() const { return *object_; }
    explicit operator bool() const { return object_ != nullptr; }
    T* release() { return std::exchange(object_, nullptr); }
    void reset() {
        if (T* object = release()) {
            object->~T();
            heap_free(object);
        }
    }

  private:
    T* object_ = nullptr;
};

// The memory is zeroed first, and the constructor becomes a part of this: what it sets to 0 is then no code.
template <class T, class... Args>
[[gnu::flatten]] Result<Owned<T>> make_owned(Args&&... args) {
    void* block = heap_allocate(sizeof(T));
    if (!block) return kOutOfMemory;
    std::memset(block, 0, sizeof(T));
    return Owned<T>(new (block) T(std::forward<Args>(args)...));
}

}  // namespace util
