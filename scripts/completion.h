// Completion in the shell: what may stand where the cursor is, told by the command table and by what there is on this machine.
#pragma once

#include "scripts/argument_kind.h"
#include "scripts/line_editor.h"

namespace scripts {

class System;

// Where the cursor stands in a line.
struct Cursor {
    std::string_view command;  // that it is in; empty: in the command's name
    std::string_view before;   // the words between the command's name and the one that is typed
    std::string_view typed;    // of that word, or of the part of it that is completed
    ArgumentKind kind = ArgumentKind::None;  // of that
    bool is_option = false;                  // it is an option's name
    bool in_braces = false;                  // it is a setting's name behind "${"
};

// Candidates are offered one by one; they are counted and their common beginning is found, or they are printed in lines.
class Candidates {
  public:
    enum class Mode { Compare, Print };
    Candidates(std::string_view typed, Mode mode) : typed_(typed), mode_(mode) {}

    // Those that do not begin with what is typed are none; nor are those that are too long to be compared.
    void offer(std::string_view candidate);
    std::string_view typed() const { return typed_; }
    std::size_t count() const { return count_; }
    // What all of them have behind what is typed.
    std::string_view addition() const { return first_.view().substr(0, common_).substr(typed_.size()); }

  private:
    std::string_view typed_;
    Mode mode_;
    std::size_t count_ = 0, common_ = 0;
    std::size_t column_ = 0;
    static constexpr std::size_t kLongest = 256;
    util::Text<kLongest> first_;
};

// In completion_sources.cc, as the image's features have it: says what `typed` is, leaves of it what is completed, and offers all that
// could stand there.
void understand(Cursor& cursor);
void offer_all(System& system, const Cursor& cursor, Candidates& candidates);
// URIs that were fetched or attached are offered later on, but for those with a password in them.
void remember_uri(System& system, std::string_view uri);

class ShellCompleter final : public Completer {
  public:
    explicit ShellCompleter(System& system) : system_(system) {}
    util::Result<util::String> complete(std::string_view before_cursor, Turn turn, bool& printed) override;

  private:
    System& system_;
};

}  // namespace scripts
