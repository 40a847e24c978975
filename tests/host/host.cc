#include "tests/host/host.h"

#include <platform/clock.h>
#include <platform/console.h>
#include <platform/random.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <random>

#include "util/assert.h"
#include "util/owned.h"

namespace {

struct State {
    util::Instant now;
    std::int64_t clock_chip = 0;
    std::function<void(util::Instant)> idle_hook;
    std::string output;
    bool echo = false;
    platform::TextDisplay* display = nullptr;
    platform::TextSize size = platform::kUsualSize;
    std::deque<int> keys;
    std::function<void(bool)> keyboard;
    std::mt19937 random{20200101};
};

State& state() {
    static State instance;
    return instance;
}

}  // namespace

namespace host {

void reset() { state() = State{}; }
void set_time(util::Instant at) { state().now = at; }
void advance(util::Duration by) { state().now = state().now + by; }
void set_clock_chip(std::int64_t unix_time) { state().clock_chip = unix_time; }
void use_real_time(std::function<void(util::Instant until)> idle_hook) { state().idle_hook = std::move(idle_hook); }
std::string& console_output() { return state().output; }
void echo_console_to_stdout() { state().echo = true; }
void set_console_size(platform::TextSize size) { state().size = size; }
void type(std::string_view bytes) {
    for (char c : bytes) type_key(static_cast<unsigned char>(c));
}
void type_key(int key) { state().keys.push_back(key); }
void use_keyboard(std::function<void(bool is_wanted)> keyboard) { state().keyboard = std::move(keyboard); }

}  // namespace host

namespace platform {

util::Instant now() {
    if (!state().idle_hook) return state().now;
    timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return util::Instant::at_us(std::int64_t{ts.tv_sec} * 1000000 + ts.tv_nsec / 1000);
}

std::int64_t clock_chip_time() {
    if (state().idle_hook) return time(nullptr);
    return state().clock_chip ? state().clock_chip + state().now.us() / 1000000 : 0;
}

void idle(util::Instant until) {
    if (state().idle_hook) return state().idle_hook(until);
    if (until == util::Instant::never()) util::panic("the test would wait for ever: nothing can happen any more");
    state().now = std::max(state().now, until);
}

void console_show_on(TextDisplay* display) { state().display = display; }

void console_write(std::string_view text) {
    if (state().display) state().display->write(text);
    state().output += text;
    if (state().echo) {
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fflush(stdout);
    }
}

TextSize console_size() { return state().display ? state().display->size() : state().size; }

int console_read_key() {
    auto& keys = state().keys;
    if (state().keyboard) state().keyboard(keys.empty());
    if (keys.empty()) return kNoKey;
    int key = keys.front();
    keys.pop_front();
    return key;
}

bool console_take_key(int key) {
    auto& keys = state().keys;
    if (state().keyboard) state().keyboard(false);
    auto at = std::find(keys.begin(), keys.end(), key);
    if (at == keys.end()) return false;
    keys.erase(keys.begin(), at + 1);
    return true;
}

void random_bytes(util::MutableBytes target) {
    for (auto& b : target) b = static_cast<std::byte>(state().random());
}

}  // namespace platform

namespace util {

void panic(const char* what) {
    std::fprintf(stderr, "panic: %s\n", what);
    std::abort();
}
void* heap_allocate(std::size_t size) { return std::malloc(size ? size : 1); }
void heap_free(void* block) { std::free(block); }

}  // namespace util
