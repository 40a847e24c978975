// The engine: runs lines and scripts. One per system; commands reach it to jump, leave, or run other scripts.
#pragma once

#include "scripts/command.h"
#include "scripts/images/image.h"
#include "scripts/lexer.h"
#include "util/time.h"

namespace scripts {

inline constexpr util::Failure kNoSuchLabel{util::code::kScript + 17, "no such label"};
inline constexpr util::Failure kNotInScript{util::code::kScript + 18, "works in scripts only"};
inline constexpr util::Failure kScriptsTooDeep{util::code::kScript + 19,
                                               "too many scripts called from one another; use --replace"};
inline constexpr util::Failure kCallsTooDeep{util::code::kScript + 22, "too many calls within one another"};
inline constexpr util::Failure kExitStatus{util::code::kScript + 20, "ended by exit with an error status"};
inline constexpr util::Failure kNotScript{util::code::kScript + 21, "not a script"};

struct Frame;

class Engine {
  public:
    // Scripts called from scripts; the stack is sized for it.
    static constexpr unsigned kDeepestScript = 16;

    explicit Engine(System& system) : system_(system) {}
    Engine(const Engine&) = delete;

    // Runs one line of commands. Failure: that of the last command that ran, unless "||" caught it;
    // last_error() tells.
    util::Result<void> run_line(std::string_view line);
    // Runs one command whose words have been expanded. Failure: the command's, kNoSuchCommand.
    util::Result<void> run_expanded(std::span<const std::string_view> words);
    // Runs a script to its end, and says on the console where it failed. A script that replaces it ("chain
    // --replace") is run in its place. Failure: kNotScript, kScriptsTooDeep, or the failed line's.
    util::Result<void> run_script(Image& image);

    // For commands. All take effect when the line that the command is in gets control back.
    util::Result<void> go_to(std::string_view label);
    void leave(util::Result<void> status);  // "exit": ends the running script, or shell
    // Ends the running script and runs this one instead. Failure: kNotTrusted, and it goes on.
    util::Result<void> replace_with(Image& image);

    // Parts of scripts ("call", "include") have a frame of their own, and so their own place, loops and trap. "exit" in a part ends
    // the script that called it as well.
    util::Result<void> run_part(Image& image, LineReader from);
    void leave_part(util::Result<void> status);  // "return"
    bool in_part() const;
    // Frames by number, from 1 in the order in which they begin: the innermost; that of its script, which may have called it as a
    // part; whether one has not ended.
    unsigned frame() const;
    unsigned script_frame() const;
    bool is_running(unsigned frame) const;
    Image& running_image() const;
    // Behind the line that runs.
    LineReader::Place place() const;
    // A reader at a label of the running script; false: it has none of that name.
    bool find_label(std::string_view label, LineReader& at);
    void go_to(LineReader::Place place);
    unsigned line_number() const;
    // Asked what to do when a line fails. True: it has found a place to go on from.
    using Trap = bool (*)(System& system);
    void set_trap(Trap trap) { trap_ = trap; }
    // Whether "||" would say this failure.
    bool is_loud() const { return last_report_ == Report::Loud; }

    // True once after leave(): the shell's question. Takes the status out.
    bool take_leave(util::Result<void>& status);
    // Sets scripts aside while the shell runs. In images with the feature "tools" goto leaves it, and the script that has opened it goes
    // on at the label.
    class ShellScope {
      public:
        explicit ShellScope(Engine& engine);
        ShellScope(const ShellScope&) = delete;
        ~ShellScope();

      private:
        Engine& engine_;
        Frame *frame_, *aside_ = nullptr;
    };
    // The text that "goto" looks through; empty: there is no script.
    std::string_view text_with_labels() const;

    // The URI of the running script, for relative URIs; empty when there is none.
    std::string_view base_uri() const;
    // "dhcp net0: no DHCP server answered": of the last command that failed.
    std::string_view last_error() const { return last_error_.view(); }
    void print_last_error();
    // The last error that was printed, once: for a screen that would wipe it.
    std::string_view take_unseen_error() { return std::exchange(unseen_error_, false) ? last_error() : std::string_view(); }
    const util::Failure* last_failure() const { return last_failure_; }
    // For a command that knows better than its row whether its failure is worth saying.
    void report_as(Report report) { last_report_ = report; }
    bool in_script() const { return frame_ != nullptr; }

  private:
    friend class ShellScope;
    enum class Stop { No, Line, Script };
    util::Result<void> run_command(std::span<const std::string_view> words);
    util::Result<void> call(const Command& command, std::span<const std::string_view> words);
    util::Result<void> run_lines(Frame& frame);
    util::Result<void> run_frame(Frame& frame);
    void remember(const util::Failure& failure, std::string_view command, std::string_view object);
    void report(const Frame& frame);

    System& system_;
    Frame* frame_ = nullptr;
    Frame* aside_ = nullptr;  // that has opened the shell
    bool leaves_shell_ = false;
    unsigned depth_ = 0;
    unsigned frames_begun_ = 0;
    Trap trap_ = nullptr;
    bool returning_ = false;  // what stops is a part, not its script
    Stop stop_ = Stop::No;
    util::Result<void> leave_status_;
    Image* replacement_ = nullptr;
    Report last_report_ = Report::Loud;
    util::Text<300> last_error_;
    const util::Failure* last_failure_ = nullptr;
    bool unseen_error_ = false;  // last_error_ was printed
    // Ctrl-C: whether and when a command was last ended by it, and whether all scripts shall end.
    bool was_cancelled_ = false;
    bool cancel_is_counted_ = false;  // no command has begun since
    bool abort_ = false;
    util::Instant cancelled_at_;
};

}  // namespace scripts
