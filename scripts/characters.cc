#include "scripts/characters.h"

#include <platform/console.h>

#include <algorithm>

#include "embed/select_rows.h"

namespace scripts {

// Latin letters from U+00C0 on, without what they carry.
static constexpr char kLatin[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";
static_assert(sizeof kLatin == 64 + 1);

static constexpr bool kKnowsUtf8 = embed::has_feature(embed::kSelection, "menus") || embed::has_feature(embed::kSelection, "config");

// A byte that no sequence begins with, or one that is cut off, is a character by itself.
static Character beyond_ascii(std::string_view text) {
    auto lead = static_cast<std::uint8_t>(text[0]);
    std::uint8_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    std::uint32_t code = lead & (0x3fu >> more);
    bool valid = lead >= 0xc2 && lead <= 0xf4 && text.size() > more;
    for (std::size_t i = 1; valid && i <= more; ++i) {
        auto byte = static_cast<std::uint8_t>(text[i]);
        valid = (byte & 0xc0) == 0x80;
        code = code << 6 | (byte & 0x3f);
    }
    if (!valid) return {1, text[0]};
    char shown = code == 0xa0 ? ' ' : code >= 0xc0 && code <= 0xff ? kLatin[code - 0xc0] : '?';
    return {static_cast<std::uint8_t>(more + 1), shown};
}

Character character_at(std::string_view text, std::size_t at) {
    char first = text[at];
    if (!kKnowsUtf8) return {1, first};
    auto byte = static_cast<std::uint8_t>(first);
    if (byte >= 0x80) return beyond_ascii(text.substr(at));
    return {1, byte < ' ' || byte == 0x7f ? '.' : first};
}

std::size_t count_characters(std::string_view text) {
    if (!kKnowsUtf8) return text.size();
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); at += character_at(text, at).size) ++count;
    return count;
}

std::size_t character_boundary(std::string_view text, std::size_t at) {
    if (!kKnowsUtf8) return at;
    std::size_t boundary = 0;
    while (boundary < at) boundary += character_at(text, boundary).size;
    return boundary;
}

std::size_t next_character(std::string_view text, std::size_t at) {
    if (at == text.size()) return at;
    return at + character_at(text, at).size;
}

std::size_t previous_character(std::string_view text, std::size_t at) {
    if (!at) return at;
    if (!kKnowsUtf8) return at - 1;
    return behind_characters(text, 0, count_characters(text.substr(0, at)) - 1);
}

std::size_t behind_characters(std::string_view text, std::size_t at, std::size_t count) {
    for (; count && at < text.size(); --count) at += character_at(text, at).size;
    return at;
}

SeenText seen_text(std::string_view text, std::size_t cursor, std::size_t columns) {
    std::size_t before = count_characters({text.data(), cursor}), hidden = before < columns ? 0 : before - columns + 1;
    if (!kKnowsUtf8) return {text.substr(hidden, columns), before - hidden};
    std::size_t first = behind_characters(text, 0, hidden);
    return {text.substr(first, behind_characters(text, first, columns) - first), before - hidden};
}

static constinit std::size_t measured_columns = kUsualColumns;

std::size_t row_columns() { return kKnowsUtf8 ? measured_columns : kUsualColumns; }

void measure_row() {
    if (kKnowsUtf8) measured_columns = std::clamp<std::size_t>(platform::console_size().columns, kFewestColumns, kMostColumns);
}

static constinit std::size_t written = 0;

void note_written(std::string_view text) {
    if (!kKnowsUtf8) return;
    std::size_t row = text.find_last_of("\n\r");
    if (row != text.npos) written = 0;
    written += count_characters(text.substr(row + 1));
}

std::size_t written_columns() { return written; }

void append_shown(util::TextSink& target, std::string_view text) {
    if (!kKnowsUtf8) return void(target.text(text));
    for (std::size_t at = 0; at < text.size();) {
        Character character = character_at(text, at);
        target.character(character.shown);
        at += character.size;
    }
}

}  // namespace scripts
