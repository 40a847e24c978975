#include "util/tools/run/keyboard.h"

#include <platform/clock.h>
#include <platform/console.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "scripts/system.h"
#include "tests/host/host.h"
#include "util/tools/run/deadline.h"
#include "util/tools/run/finished.h"

namespace run {

namespace {

termios before;  // as the terminal was
volatile sig_atomic_t is_raw = 0, interrupts = 0;

bool has_input() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return ::poll(&input, 1, 0) > 0;
}

// Without a terminal in raw mode, Ctrl-C is a signal. Who sends it again and again wants out.
void interrupted(int) {
    constexpr int kPatience = 3;
    interrupts = interrupts + 1;
    if (interrupts >= kPatience) _exit(kInterrupted);
}

}  // namespace

Keyboard::Keyboard(scripts::System& system, std::deque<std::string> answers)
    : system_(system), answers_(std::move(answers)), is_terminal_(isatty(STDIN_FILENO)) {
    signal(SIGINT, interrupted);
    if (is_terminal_ && tcgetattr(STDIN_FILENO, &before) == 0) {
        termios raw = before;
        // Output stays as it is: "\n" begins a line.
        raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG | IEXTEN);
        raw.c_iflag &= ~static_cast<tcflag_t>(ICRNL | IXON);
        is_raw = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
    }
    host::use_keyboard([this](bool is_wanted) { look(is_wanted); });
}

Keyboard::~Keyboard() {
    host::use_keyboard(nullptr);
    restore_terminal();
}

void Keyboard::restore_terminal() {
    if (is_raw) tcsetattr(STDIN_FILENO, TCSANOW, &before);
    is_raw = 0;
}

void Keyboard::wait(util::Instant until) {
    constexpr std::int64_t kLongest = 100;  // ms; whoever wants to end the run sets a flag
    std::int64_t ms = std::clamp<std::int64_t>(((until - platform::now()).us() + 999) / 1000, 0, kLongest);
    pollfd input{STDIN_FILENO, POLLIN, 0};
    ::poll(&input, isatty(STDIN_FILENO) ? 1 : 0, static_cast<int>(ms));
}

// A person's keys are taken as they come, as Ctrl-C must be seen at any time. From a pipe they are taken when one is wanted, so that each
// goes to what it is for.
void Keyboard::look(bool is_wanted) {
    check_deadline();
    static int seen = 0;
    for (; seen < interrupts; ++seen) host::type_key(platform::kCtrlC);
    if (is_terminal_) read_input(false);
    if (!is_wanted || give_answer()) return;
    if (!is_terminal_ && !ended_) read_input(true);
    // Nobody will leave the shell any more.
    if (ended_ && !system_.engine.in_script()) host::type_key('D' & 0x1f);
}

void Keyboard::read_input(bool one_key) {
    while (!ended_ && has_input()) {
        std::uint8_t byte;
        if (::read(STDIN_FILENO, &byte, 1) != 1) {
            ended_ = true;
            break;
        }
        auto keys = decoder_.feed(byte);
        // An Escape that nothing follows is the key. Terminals send a sequence in one piece.
        if (decoder_.waiting() && !has_input()) keys = decoder_.flush();
        for (int i = 0; i < keys.count; ++i) host::type_key(keys.key[i] == '\n' ? '\r' : keys.key[i]);
        if (one_key && keys.count) return;
    }
}

bool Keyboard::give_answer() {
    if (answers_.empty()) return false;
    std::string answer = answers_.front();
    answers_.pop_front();
    if (!answer.empty() && choose_item(answer)) return true;
    host::type(answer + "\r");
    return true;
}

// Moves to the item in whichever menu has it, and chooses it.
bool Keyboard::choose_item(const std::string& label) {
    for (const auto& dialog : system_.dialogs.all()) {
        std::size_t above = 0;
        for (const auto& item : dialog->items) {
            if (item.is_gap()) continue;
            if (item.name.view() == label) {
                host::type_key(platform::kKeyHome);
                for (; above; --above) host::type_key(platform::kKeyDown);
                host::type_key('\r');
                return true;
            }
            ++above;
        }
    }
    return false;
}

}  // namespace run
