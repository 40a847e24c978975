// Prints the rows of the project's tables as JSON, one array a table, for the pages of docs/ that are made of them.
#pragma once

#include <cstdio>
#include <string_view>

namespace reference {

inline void print_string(std::string_view text) {
    std::putchar('"');
    for (char c : text) {
        if (c == '"' || c == '\\') std::putchar('\\');
        std::putchar(c);
    }
    std::putchar('"');
}

// One row: an object that is begun and ended by the object's lifetime.
class Row {
  public:
    explicit Row(bool& first) {
        std::fputs(first ? "\n  {" : ",\n  {", stdout);
        first = false;
    }
    ~Row() { std::putchar('}'); }
    Row(const Row&) = delete;

    void text(std::string_view key, std::string_view value) {
        name(key);
        print_string(value);
    }
    void number(std::string_view key, long value) {
        name(key);
        std::printf("%ld", value);
    }
    // What follows is the caller's.
    void name(std::string_view key) {
        if (!empty_) std::fputs(", ", stdout);
        empty_ = false;
        print_string(key);
        std::fputs(": ", stdout);
    }

  private:
    bool empty_ = true;
};

// The rows of one table between brackets; `row` prints each of them.
template <class Table, class Print>
void print_array(const Table& table, Print print) {
    bool first = true;
    std::putchar('[');
    for (const auto& item : table) {
        Row row(first);
        print(row, item);
    }
    std::putchar(']');
}

// The feature that a row belongs to, "" for those that every image has.
template <class Optional>
std::string_view feature_of(const Optional& optional, std::string_view row) {
    for (const auto& belongs : optional)
        if (belongs.row == row) return belongs.feature;
    return {};
}

void print_commands();
void print_settings();
void print_types();
void print_scopes();
void print_formats();
void print_schemes();
void print_san_schemes();

}  // namespace reference
