// Vector<T>: a growing array whose growth can fail. String: owned text, the same way.
#pragma once

#include <cstring>
#include <span>
#include <string_view>

#include "util/bytes.h"
#include "util/owned.h"

namespace util {

template <class T>
class Vector {
  public:
    constexpr Vector() = default;
    Vector(Vector&& other)
        : items_(std::exchange(other.items_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    Vector& operator=(Vector&& other) {
        if (this != &other) {
            this->~Vector();
            new (this) Vector(std::move(other));
        }
        return *this;
    }
    ~Vector() {
        clear();
        heap_free(items_);
    }

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    T* begin() { return items_; }
    T* end() { return items_ + size_; }
    const T* begin() const { return items_; }
    const T* end() const { return items_ + size_; }
    T* data() { return items_; }
    const T* data() const { return items_; }
    T& operator[](std::size_t i) {
        ASSERT(i < size_);
        return items_[i];
    }
    const T& operator[](std::size_t i) const {
        ASSERT(i < size_);
        return items_[i];
    }
    T& back() { return (*this)[size_ - 1]; }
    [[gnu::always_inline]] std::span<T> span() { return {items_, size_}; }
    [[gnu::always_inline]] std::span<const T> span() const { return {items_, size_}; }

    Result<void> reserve(std::size_t capacity) {
        if (capacity <= capacity_) return {};
        if (capacity > PTRDIFF_MAX / sizeof(T)) return kOutOfMemory;
        T* items = static_cast<T*>(heap_allocate(capacity * sizeof(T)));
        if (!items) return kOutOfMemory;
        for (std::size_t i = 0; i < size_; ++i) {
            new (items + i) T(std::move(items_[i]));
            items_[i].~T();
        }
        heap_free(items_);
        items_ = items;
        capacity_ = capacity;
        return {};
    }
    Result<void> push(T item) {
        if (size_ == capacity_) {
            if (auto grown = reserve(capacity_ ? capacity_ * 2 : 4); !grown.ok()) return grown.failure();
        }
        new (items_ + size_++) T(std::move(item));
        return {};
    }
    // Value-initialises new items.
    Result<void> resize(std::size_t size) {
        while (size_ > size) items_[--size_].~T();
        if (auto grown = reserve(size); !grown.ok()) return grown.failure();
        while (size_ < size) new (items_ + size_++) T();
        return {};
    }
    void erase(std::size_t at) {
        ASSERT(at < size_);
        for (std::size_t i = at + 1; i < size_; ++i) items_[i - 1] = std::move(items_[i]);
        items_[--size_].~T();
    }
    void clear() {
        while (size_) items_[--size_].~T();
    }

  private:
    T* items_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

// Owned text. Not terminated; any bytes.
class String {
  public:
    constexpr String() = default;
    static Result<String> from(std::string_view text) {
        String string;
        TRY(string.append(text));
        return string;
    }
    [[gnu::always_inline]] std::string_view view() const { return {chars_.data(), chars_.size()}; }
    [[gnu::always_inline]] operator std::string_view() const { return view(); }
    std::size_t size() const { return chars_.size(); }
    bool empty() const { return chars_.empty(); }
    void clear() { chars_.clear(); }
    Result<void> append(std::string_view text) {
        std::size_t old = chars_.size();
        std::size_t wanted = old + text.size();
        TRY(chars_.reserve(wanted <= 16 ? 16 : wanted + wanted / 2));
        TRY(chars_.resize(wanted));
        if (!text.empty()) std::memcpy(chars_.data() + old, text.data(), text.size());
        return {};
    }
    Result<void> append(const char* literal) { return append(std::string_view(literal)); }
    Result<void> push(char c) { return chars_.push(c); }
    Result<void> assign(std::string_view text) {
        String copy = TRY(from(text));
        *this = std::move(copy);
        return {};
    }
    void truncate(std::size_t size) {
        if (size < chars_.size()) (void)chars_.resize(size);
    }
    Vector<char>& chars() { return chars_; }

  private:
    Vector<char> chars_;
};

}  // namespace util
