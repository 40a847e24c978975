#include "scripts/engine.h"

#include <platform/console.h>

#include "embed/select_rows.h"
#include "scripts/expand.h"
#include "scripts/https.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

// A script that runs.
struct Frame {
    Image& image;
    LineReader reader;
    ScriptLine line;
    Frame* caller;
    unsigned number;
    bool is_part = false;
};

// Whether "goto" leaves the shell; else the shell's code knows of no script.
static constexpr bool kGotoLeavesShell = embed::has_feature(embed::kSelection, "tools");

// Whether there may be images that must not run.
static constexpr bool kKnowsTrust = embed::has_feature(embed::kSelection, "https");

// A second Ctrl-C this soon after the first ends the scripts, however they catch failures.
static constexpr util::Duration kInsistent = util::Duration::seconds(3);

void Engine::remember(const util::Failure& failure, std::string_view command, std::string_view object) {
    last_failure_ = &failure;
    unseen_error_ = false;
    last_error_.clear();
    last_error_.text(command);
    if (!object.empty()) last_error_.text(command.empty() ? "" : " ").text(object);
    last_error_.text(": ").text(failure.text);
    // One key fails the command that waits, and the script that it is in, and the command that runs this one.
    if (&failure != &util::kCancelled || cancel_is_counted_) return;
    cancel_is_counted_ = true;
    util::Instant now = system_.loop.now();
    abort_ = was_cancelled_ && now - cancelled_at_ < kInsistent;
    was_cancelled_ = true;
    cancelled_at_ = now;
}

void Engine::print_last_error() {
    std::string_view text = last_error_.view();
    util::print("%v\n", &text);
    unseen_error_ = true;
}

util::Result<void> Engine::call(const Command& command, std::span<const std::string_view> words) {
    Invocation call(system_, command);
    cancel_is_counted_ = false;
    util::Result<void> result = call.parse(words);
    if (!result.ok()) {
        last_report_ = Report::Loud;
        print_usage(command);
    } else if (call.wants_help) {
        print_help(command);
    } else {
        result = command.run(call);
    }
    if (result.ok()) return result;
    remember(result.failure(), command.name, call.object());
    // What is written wrong is no answer of a test.
    if (&result.failure() == &kBadOptionValue) last_report_ = Report::Loud;
    return result;
}

util::Result<void> Engine::run_command(std::span<const std::string_view> words) {
    if (words.empty()) return {};
    last_report_ = Report::Loud;
    // All words in one piece of memory first, as it moves while it grows; then views of them.
    util::String text;
    util::Vector<std::size_t> ends;
    for (std::string_view word : words) {
        auto expanded = expand(system_.settings, word, text);
        if (!expanded.ok()) {
            remember(expanded.failure(), words[0], word);
            return expanded;
        }
        TRY(ends.push(text.size()));
    }
    util::Vector<std::string_view> expanded;
    std::size_t begin = 0;
    for (std::size_t end : ends) {
        TRY(expanded.push(text.view().substr(begin, end - begin)));
        begin = end;
    }
    return run_expanded(expanded.span());
}

util::Result<void> Engine::run_expanded(std::span<const std::string_view> words) {
    std::string_view name = words[0];
    if (name.empty() && words.size() == 1) return {};
    if (const Command* command = find_command(name)) {
        last_report_ = command->report;
        return call(*command, words.subspan(1));
    }
    remember(kNoSuchCommand, name, {});
    explain_missing_command(name, last_error_);
    return kNoSuchCommand;
}

// Whether anything further on in the line runs after a failure.
static bool catches_failure(WordReader words, WordKind first) {
    for (Word word{first, {}}; word.kind != WordKind::End; word = words.next())
        if (word.kind == WordKind::Or || word.kind == WordKind::Then) return true;
    return false;
}

util::Result<void> Engine::run_line(std::string_view line) {
    WordReader reader(line);
    util::Vector<std::string_view> words;
    util::Result<void> status;
    WordKind before = WordKind::Then;
    for (;;) {
        Word word = reader.next();
        if (word.kind == WordKind::Plain) {
            TRY(words.push(word.text));
            continue;
        }
        bool runs = before == WordKind::Then || (before == WordKind::And) == status.ok();
        if (runs) {
            status = run_command(words.span());
            if (stop_ != Stop::No) return {};
            if (!status.ok() && last_report_ == Report::Loud && catches_failure(reader, word.kind))
                print_last_error();
        }
        if (word.kind == WordKind::End) return status;
        words.clear();
        before = word.kind;
    }
}

void Engine::report(const Frame& frame) {
    std::string_view name = frame.image.name(), error = last_error_.view(),
                     line = util::trim(frame.line.text);
    util::print("%v:%u: %v\n    %v\n", &name, frame.line.number, &error, &line);
    unseen_error_ = true;
}

util::Result<void> Engine::run_lines(Frame& frame) {
    while (!frame.reader.at_end()) {
        auto line = frame.reader.next();
        util::Result<void> status;
        if (line.ok()) {
            frame.line = line.value();
            status = run_line(frame.line.text);
        } else {
            frame.line = {{}, frame.reader.place().number};
            remember(line.failure(), "script"sv, {});
            status = line.failure();
        }
        if (!status.ok() && !abort_ && trap_ && trap_(system_)) status = {};
        // A part leaves it to its script to end.
        if (stop_ == Stop::Script) return replacement_ ? util::Result<void>() : leave_status_;
        Stop stop = std::exchange(stop_, Stop::No);
        if (status.ok()) {
            // The network lives on between lines, and a loop of commands that never wait can be stopped.
            system_.loop.poll_once();
            if (stop == Stop::Line && platform::console_take_key(platform::kCtrlC)) abort_ = true;
            if (!abort_) continue;
            remember(util::kCancelled, "script"sv, {});
            abort_ = true;
            status = util::kCancelled;
        }
        report(frame);
        return status;
    }
    return {};
}

util::Result<void> Engine::run_frame(Frame& frame) {
    Report report = last_report_;  // of the command that runs it
    frame_ = &frame;
    ++depth_;
    auto status = run_lines(frame);
    --depth_;
    frame_ = frame.caller;
    last_report_ = report;
    return status;
}

util::Result<void> Engine::run_script(Image& first) {
    if (depth_ == kDeepestScript) return kScriptsTooDeep;
    if (!frame_) abort_ = false;
    for (Image* image = &first;;) {
        if (!is_script(image->content())) return kNotScript;
        if constexpr (kKnowsTrust) TRY(check_trust(system_, *image));
        ImageUse use(system_.images, *image);
        Frame frame{*image, LineReader(image->content()), {}, frame_, ++frames_begun_};
        auto status = run_frame(frame);
        stop_ = Stop::No;
        image = std::exchange(replacement_, nullptr);
        if (!image) return status;
    }
}

util::Result<void> Engine::go_to(std::string_view label) {
    Frame* frame = kGotoLeavesShell && !frame_ ? aside_ : frame_;
    if (!frame) return kNotInScript;
    if (!frame->reader.go_to(label)) return kNoSuchLabel;
    stop_ = Stop::Line;
    if (!kGotoLeavesShell || frame_) return {};
    leaves_shell_ = true;
    leave({});
    return {};
}

util::Result<void> Engine::run_part(Image& image, LineReader from) {
    if (depth_ == kDeepestScript) return kCallsTooDeep;
    // Routines of a script that runs already go on with it: the built-in one is signed by nobody.
    if constexpr (kKnowsTrust) {
        const Frame* frame = frame_;
        while (frame && &frame->image != &image) frame = frame->caller;
        if (!frame) TRY(check_trust(system_, image));
    }
    ImageUse use(system_.images, image);
    Frame frame{image, std::move(from), {}, frame_, ++frames_begun_, true};
    auto status = run_frame(frame);
    if (std::exchange(returning_, false)) stop_ = Stop::No;
    return status;
}

void Engine::leave_part(util::Result<void> status) {
    leave(status);
    returning_ = true;
}

bool Engine::in_part() const { return frame_ && frame_->is_part; }
unsigned Engine::frame() const { return frame_ ? frame_->number : 0; }

unsigned Engine::script_frame() const {
    const Frame* frame = frame_;
    while (frame && frame->is_part) frame = frame->caller;
    return frame ? frame->number : 0;
}

bool Engine::is_running(unsigned number) const {
    const Frame* frame = frame_;
    while (frame && frame->number != number) frame = frame->caller;
    return frame != nullptr;
}

Image& Engine::running_image() const { return frame_->image; }
LineReader::Place Engine::place() const { return frame_->reader.place(); }
unsigned Engine::line_number() const { return frame_->line.number; }

bool Engine::find_label(std::string_view label, LineReader& at) { return frame_->reader.find(label, at); }

void Engine::go_to(LineReader::Place place) {
    frame_->reader.go_to(place);
    stop_ = Stop::Line;
}

void Engine::leave(util::Result<void> status) {
    leave_status_ = status;
    stop_ = Stop::Script;
}

util::Result<void> Engine::replace_with(Image& image) {
    if constexpr (kKnowsTrust) TRY(check_trust(system_, image));
    replacement_ = &image;
    stop_ = Stop::Script;
    return {};
}

bool Engine::take_leave(util::Result<void>& status) {
    if (std::exchange(stop_, Stop::No) != Stop::Script) return false;
    status = leave_status_;
    return true;
}

std::string_view Engine::base_uri() const {
    return frame_ ? frame_->image.uri() : std::string_view();
}

std::string_view Engine::text_with_labels() const {
    const Frame* frame = frame_ ? frame_ : aside_;
    return frame ? frame->image.content() : std::string_view();
}

Engine::ShellScope::ShellScope(Engine& engine) : engine_(engine), frame_(std::exchange(engine.frame_, nullptr)) {
    if (kGotoLeavesShell) aside_ = std::exchange(engine.aside_, frame_);
}
Engine::ShellScope::~ShellScope() {
    engine_.frame_ = frame_;
    if (!kGotoLeavesShell) return;
    engine_.aside_ = aside_;
    if (std::exchange(engine_.leaves_shell_, false)) engine_.stop_ = Stop::Line;
}

}  // namespace scripts
