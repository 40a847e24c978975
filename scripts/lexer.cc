#include "scripts/lexer.h"

#include <algorithm>

#include "embed/select_rows.h"
#include "util/text.h"

namespace scripts {

// Long scripts with loops are what images are for that have words for them.
static constexpr bool kRemembersPlaces = embed::has_feature(embed::kSelection, "words");

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static std::string_view skip_blanks(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    return text;
}

static std::size_t word_length(std::string_view text) {
    std::size_t length = 0;
    while (length < text.size() && !is_blank(text[length])) ++length;
    return length;
}

std::string_view LineReader::physical_line() {
    std::string_view rest = script_.substr(offset_);
    std::size_t length = rest.find('\n');
    std::string_view line = rest.substr(0, length);
    offset_ += length == rest.npos ? rest.size() : length + 1;
    ++number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

util::Result<ScriptLine> LineReader::next() {
    std::string_view line = physical_line();
    ScriptLine result{line, number_};
    if (!line.ends_with('\\')) return result;
    joined_.clear();
    while (line.ends_with('\\')) {
        TRY(joined_.append(line.substr(0, line.size() - 1)));
        if (joined_.size() > kLongestLine) return kLineTooLong;
        line = at_end() ? std::string_view() : physical_line();
    }
    TRY(joined_.append(line));
    result.text = joined_.view();
    return result;
}

bool LineReader::go_to(std::string_view label) {
    if (label.empty()) return false;
    Place& found = found_[label.size() % kPlaces];
    if (kRemembersPlaces) {
        LineReader at(script_);
        at.go_to(found);
        if (label_of(at.physical_line()) == label) {
            go_to(found);
            return true;
        }
    }
    LineReader search(script_);
    bool continued = false;  // a line that is the rest of another defines no label
    while (!search.at_end()) {
        Place place = search.place();
        std::string_view line = search.physical_line();
        if (!continued && label_of(line) == label) {
            if (kRemembersPlaces) found = place;
            go_to(place);
            return true;
        }
        continued = line.ends_with('\\');
    }
    return false;
}

bool LineReader::find(std::string_view label, LineReader& at) {
    Place here = place();
    if (!go_to(label)) return false;
    at.script_ = script_;
    at.go_to(place());
    std::copy(std::begin(found_), std::end(found_), at.found_);
    go_to(here);
    return true;
}

bool is_script(std::string_view text) {
    if (!text.starts_with("#!ipxe") && !text.starts_with("#!gpxe")) return false;
    return text.size() == 6 || text[6] == '\n' || is_blank(text[6]);
}

std::string_view label_of(std::string_view line) {
    line = skip_blanks(line);
    if (!line.starts_with(':')) return {};
    return line.substr(1, word_length(line) - 1);
}

WordReader::WordReader(std::string_view line) : rest_(skip_blanks(line)) {
    if (rest_.starts_with(':')) rest_.remove_prefix(word_length(rest_));
}

Word WordReader::next() {
    rest_ = skip_blanks(rest_);
    if (rest_.empty() || rest_.starts_with('#')) {
        rest_ = {};
        return {};
    }
    std::string_view text = rest_.substr(0, word_length(rest_));
    rest_.remove_prefix(text.size());
    if (util::equal(text, "&&")) return {WordKind::And, text};
    if (util::equal(text, "||")) return {WordKind::Or, text};
    if (util::equal(text, ";")) return {WordKind::Then, text};
    return {WordKind::Plain, text};
}

}  // namespace scripts
