// Vector<T>: a growing array whose growth can fail. String: owned text, the same way.
#pragma once

#include <cstring>
#include <span>
#include <string_view>

#include "util/bytes.h"
#include "util/owned.h"

namespace util {

// What all Vectors have in common, so that it is compiled once.
class VectorStorage {
  public:
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

  protected:
    constexpr VectorStorage() = default;
    VectorStorage(VectorStorage&& other)
        : items_(std::exchange(other.items_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    ~VectorStorage() { heap_free(items_); }

    Result<void> reserve(std::size_t capacity, std::size_t item_size);
    // For one item more.
    Result<void> make_room(std::size_t item_size);

    void* items_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

// Items move as bytes when it grows: none may keep an address within itself.
template <class T>
class Vector : public VectorStorage {
  public:
    constexpr Vector() = default;
    Vector(Vector&& other) : VectorStorage(std::move(other)) {}
    Vector& operator=(Vector&& other) {
        if (this != &other) {
            this->~Vector();
            new (this) Vector(std::move(other));
        }
        return *this;
    }
    ~Vector() { clear(); }

    T* begin() { return data(); }
    T* end() { return data() + size_; }
    const T* begin() const { return data(); }
    const T* end() const { return data() + size_; }
    [[gnu::always_inline]] T* data() { return static_cast<T*>(items_); }
    [[gnu::always_inline]] const T* data() const { return static_cast<const T*>(items_); }
    T& operator[](std::size_t i) {
        ASSERT(i < size_);
        return data()[i];
    }
    const T& operator[](std::size_t i) const {
        ASSERT(i < size_);
        return data()[i];
    }
    T& back() { return (*this)[size_ - 1]; }
    [[gnu::always_inline]] std::span<T> span() { return {data(), size_}; }
    [[gnu::always_inline]] std::span<const T> span() const { return {data(), size_}; }

    Result<void> reserve(std::size_t capacity) { return VectorStorage::reserve(capacity, sizeof(T)); }
    Result<void> push(T item) {
        if (auto grown = make_room(sizeof(T)); !grown.ok()) return grown.failure();
        new (data() + size_++) T(std::move(item));
        return {};
    }
    // Value-initialises new items.
    Result<void> resize(std::size_t size) {
        while (size_ > size) data()[--size_].~T();
        if (auto grown = reserve(size); !grown.ok()) return grown.failure();
        while (size_ < size) new (data() + size_++) T();
        return {};
    }
    void erase(std::size_t at) {
        ASSERT(at < size_);
        data()[at].~T();
        --size_;
        std::memmove(items_at(at), items_at(at + 1), (size_ - at) * sizeof(T));
    }
    void clear() {
        while (size_) data()[--size_].~T();
    }

  private:
    void* items_at(std::size_t at) { return static_cast<std::byte*>(items_) + at * sizeof(T); }
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

// Puts a text together; that there was no memory for a piece is remembered to the end.
class Pieces {
  public:
    explicit Pieces(String& text) : text_(text) {}
    Pieces& add(std::string_view piece) {
        if (result_.ok()) result_ = text_.append(piece);
        return *this;
    }
    Pieces& add(const char* literal) { return add(std::string_view(literal)); }
    Result<void> result() const { return result_; }

  private:
    String& text_;
    Result<void> result_;
};

}  // namespace util
