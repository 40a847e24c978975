#include "scripts/expand.h"

#include <array>

namespace scripts {

namespace {

constexpr std::size_t kMostOpen = 16;
constexpr unsigned kDeepestValue = 8;

class Expansion {
  public:
    Expansion(Settings& settings, util::String& out) : settings_(settings), out_(out), begin_(out.size()) {}

    // One pass: text goes to the output as it is; at each "}" what follows the innermost open "${" is the
    // name, and is replaced by its value.
    util::Result<void> run(std::string_view text, unsigned depth) {
        std::array<std::size_t, kMostOpen> open;
        std::size_t opened = 0;
        while (!text.empty()) {
            std::size_t at = text.find_first_of("$}");
            TRY(append(text.substr(0, at)));
            if (at == text.npos) break;
            text.remove_prefix(at);
            std::size_t length = text.starts_with("${") ? 2 : 1;
            if (length == 2) {
                if (opened == open.size()) return kNestedTooDeeply;
                open[opened++] = out_.size();
            }
            if (text[0] == '}' && opened) {
                TRY(substitute(open[--opened], depth));
            } else {
                TRY(append(text.substr(0, length)));
            }
            text.remove_prefix(length);
        }
        return {};
    }

  private:
    util::Result<void> append(std::string_view text) {
        if (text.size() > kLongestWord - (out_.size() - begin_)) return kExpandsForEver;
        return out_.append(text);
    }

    util::Result<void> substitute(std::size_t start, unsigned depth) {
        if (++lookups_ > kMostLookups) return kExpandsForEver;
        std::string_view name = out_.view().substr(start + 2);
        util::String value;
        TRY(settings_.append_text(name, value));
        out_.truncate(start);
        if (value.view().find("${") == std::string_view::npos) return append(value.view());
        if (depth == kDeepestValue) return kExpandsForEver;
        return run(value.view(), depth + 1);
    }

    Settings& settings_;
    util::String& out_;
    std::size_t begin_;
    unsigned lookups_ = 0;
};

}  // namespace

util::Result<void> expand(Settings& settings, std::string_view word, util::String& expanded) {
    return Expansion(settings, expanded).run(word, 0);
}

}  // namespace scripts
