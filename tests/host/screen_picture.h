// What a person sees of text with ANSI sequences, for tests: on a screen of 24 lines of 80 columns, or another size.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "util/ansi_parser.h"

namespace host {

class ScreenPicture {
  public:
    static constexpr unsigned kRows = 24, kColumns = 80;

    explicit ScreenPicture(std::string_view text, unsigned columns = kColumns, unsigned rows = kRows) : columns_(columns), rows_count_(rows) {
        for (char c : text) put(c);
    }
    // Rows count from 1. Without the spaces at its end.
    std::string line(unsigned row) const { return trimmed(rows_[row - 1]); }
    // The screen as it was before it was last cleared, or as it is when it never was.
    const ScreenPicture& before_clearing() const { return before_.empty() ? *this : before_.back(); }
    // The whole of it, for searching.
    std::string text() const {
        std::string all;
        for (unsigned row = 1; row <= rows_count_; ++row) all += line(row) + "\n";
        return all;
    }
    unsigned row() const { return row_ + 1; }
    unsigned column() const { return column_ + 1; }
    // ANSI background of a place; 9: the console's own.
    unsigned background(unsigned row, unsigned column) const { return backgrounds_[row - 1][column - 1] - '0'; }

  private:
    static std::string trimmed(std::string text) { return text.substr(0, text.find_last_not_of(' ') + 1); }

    void put(char c) {
        switch (parser_.feed(c)) {
            case util::AnsiParser::Event::None: return;
            case util::AnsiParser::Event::Command: return command();
            case util::AnsiParser::Event::Character: return character(c);
        }
    }
    void character(char c) {
        if (c == '\r') column_ = 0;
        if (c == '\b' && column_) --column_;
        if (c == '\n') {
            column_ = 0;
            if (++row_ == rows_count_) scroll();
        }
        if (static_cast<unsigned char>(c) < ' ') return;
        if (column_ == columns_) character('\n');
        rows_[row_][column_] = c;
        backgrounds_[row_][column_++] = static_cast<char>('0' + background_);
    }
    void scroll() {
        rows_.erase(rows_.begin());
        rows_.push_back(std::string(columns_, ' '));
        row_ = rows_count_ - 1;
    }
    void command() {
        switch (parser_.command()) {
            case 'H':
                row_ = std::min(parser_.parameter(0, 1), rows_count_) - 1;
                column_ = std::min(parser_.parameter(1, 1), columns_) - 1;
                break;
            case 'J':
                if (text().find_first_not_of(" \n") != std::string::npos) {
                    ScreenPicture now = *this;
                    now.before_.clear();
                    before_ = {now};
                }
                for (auto& row : rows_) row.assign(columns_, ' ');
                for (auto& row : backgrounds_) row.assign(columns_, static_cast<char>('0' + background_));
                break;
            case 'K': rows_[row_].replace(column_, columns_ - column_, columns_ - column_, ' '); break;
            case 'm':
                for (unsigned i = 0; i < parser_.count() && parser_.parameter(0, 0) / 10 * 10 + 8 != parser_.parameter(0, 0); ++i) {
                    unsigned n = parser_.parameter(i, 0);
                    if (n == 0) background_ = 9;
                    if (n >= 40 && n < 50) background_ = n - 40;
                }
        }
    }

    unsigned columns_, rows_count_;
    util::AnsiParser parser_;
    std::vector<std::string> rows_ = std::vector<std::string>(rows_count_, std::string(columns_, ' '));
    std::vector<std::string> backgrounds_ = std::vector<std::string>(rows_count_, std::string(columns_, '9'));
    std::vector<ScreenPicture> before_;  // one at most
    unsigned row_ = 0, column_ = 0, background_ = 9;
};

}  // namespace host
