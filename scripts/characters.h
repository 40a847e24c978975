// Text by characters, as a person sees and edits it: one column each. A character beyond ASCII is UTF-8 (RFC 3629); bytes that are none
// are characters of the PC's own set (code page 437), one each.
//
// Images without menus and without the settings browser have nothing but the shell to type at, and take each byte for a character.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "util/text.h"

namespace scripts {

struct Character {
    std::uint8_t size;  // bytes
    // What it looks like on the PC's screen and on terminals alike: a letter beyond ASCII as the letter it is made of, others as '?',
    // what is no character as '.', bytes of the PC's own set as they are.
    char shown;
};

// The one that begins at a place in the text.
Character character_at(std::string_view text, std::size_t at);
std::size_t count_characters(std::string_view text);
// The first place from there on that no character lies across.
std::size_t character_boundary(std::string_view text, std::size_t at);
// The places where characters begin behind and before such a one; the text's end and beginning have no other.
std::size_t next_character(std::string_view text, std::size_t at);
std::size_t previous_character(std::string_view text, std::size_t at);
// Where so many characters behind a place end, or the text.
std::size_t behind_characters(std::string_view text, std::size_t at, std::size_t count);

// What is seen of a text in so many columns, with the cursor among them.
struct SeenText {
    std::string_view text;
    std::size_t cursor;  // columns before it
};
SeenText seen_text(std::string_view text, std::size_t cursor, std::size_t columns);
// Columns of a line that is edited on one row: as many as all consoles have, as they were when they were measured last; 80 in images that
// have no other text to type at than the shell's.
inline constexpr std::size_t kUsualColumns = 80, kFewestColumns = 20, kMostColumns = 240;
std::size_t row_columns();
void measure_row();
// Of the row that the cursor is on, what "echo" has written: columns before a line that is edited behind it.
void note_written(std::string_view text);
std::size_t written_columns();
// As it is shown. What does not fit into the sink is cut off.
void append_shown(util::TextSink& target, std::string_view text);

}  // namespace scripts
