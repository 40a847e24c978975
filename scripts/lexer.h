// A script's text: its lines, its labels, and the words of a line. Views into the text; nothing here
// allocates but what a continued line is joined in.
//
// A line ends at LF, a CR before it is dropped, and the last one needs no LF. "\" at a line's end joins it to
// the next. Words are what blanks separate; quotes are plain characters. A word that begins with "#" ends the
// line. Bytes are bytes: nothing is assumed about their encoding.
#pragma once

#include <string_view>

#include "util/result.h"
#include "util/vector.h"

namespace scripts {

inline constexpr util::Failure kLineTooLong{util::code::kScript + 9, "the line is too long"};

struct ScriptLine {
    std::string_view text;  // without line ends and continuations
    unsigned number = 0;    // of its first physical line, from 1
};

class LineReader {
  public:
    static constexpr std::size_t kLongestLine = 65536;

    explicit LineReader(std::string_view script) : script_(script) {}

    bool at_end() const { return offset_ >= script_.size(); }
    // The next line; valid until the next call. Failure: kLineTooLong, out of memory.
    util::Result<ScriptLine> next();
    // Goes on behind the label itself, so that the command on its line is next. False, and no move: no such
    // label.
    bool go_to(std::string_view label);

    // Where the next line begins, to come back to: in any reader of the same script.
    struct Place {
        std::size_t offset;
        unsigned number;
        bool operator==(const Place&) const = default;
    };
    Place place() const { return {offset_, number_}; }
    void go_to(Place place) {
        offset_ = place.offset;
        number_ = place.number;
    }
    // Another reader of the same script that is at the label, and knows where labels were found before; this one does not move. False:
    // no such label.
    bool find(std::string_view label, LineReader& at);

  private:
    std::string_view physical_line();
    // Where labels were found before, by their length: a loop does not look for its own in all of a long script each time.
    static constexpr std::size_t kPlaces = 4;
    Place found_[kPlaces] = {};
    std::string_view script_;
    std::size_t offset_ = 0;
    unsigned number_ = 0;
    util::String joined_;
};

// True for what a script begins with: "#!ipxe" or "#!gpxe", followed by blank or line end.
bool is_script(std::string_view text);

enum class WordKind { Plain, And, Or, Then, End };

struct Word {
    WordKind kind = WordKind::End;
    std::string_view text;
};

// Takes the words of a line one after another, not expanded. A label in front is skipped.
class WordReader {
  public:
    explicit WordReader(std::string_view line);
    Word next();

  private:
    std::string_view rest_;
};

// The label a line defines, without its colon; empty when it is none.
std::string_view label_of(std::string_view line);

}  // namespace scripts
