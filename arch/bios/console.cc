// The console: everything goes to the BIOS's screen and to COM1, keys come from both.
#include <platform/clock.h>
#include <platform/console.h>

#include <algorithm>

#include "arch/bios/machine.h"
#include "arch/bios/uart.h"
#include "arch/bios/video.h"
#include "util/ansi_parser.h"
#include "util/key_decoder.h"

namespace arch {
namespace {

// Keys typed but not read yet.
class TypeAhead {
  public:
    void push(int key) {
        if (count_ < kSize) keys_[count_++] = static_cast<std::int16_t>(key);
    }
    int pop() {
        if (!count_) return platform::kNoKey;
        int key = keys_[0];
        drop(1);
        return key;
    }
    bool take(int key) {
        for (unsigned i = 0; i < count_; ++i)
            if (keys_[i] == key) {
                drop(i + 1);
                return true;
            }
        return false;
    }

  private:
    static constexpr unsigned kSize = 64;
    void drop(unsigned count) {
        std::copy(keys_ + count, keys_ + count_, keys_);
        count_ -= count;
    }
    std::int16_t keys_[kSize] = {};
    unsigned count_ = 0;
};

struct Console {
    Video video;
    Uart uart;
    TypeAhead typed;
    util::KeyDecoder decoder;
    util::Instant last_byte;
    platform::TextDisplay* display = nullptr;  // instead of the BIOS's screen
};
constinit Console console;

// A terminal sends an escape sequence in one go; this long after an Escape it was the key.
constexpr util::Duration kEscapeTime = util::Duration::milliseconds(100);

// INT 16h scan codes of keys without a character, in AH.
int special_key(std::uint8_t scan_code) {
    switch (scan_code) {
        case 0x48: return platform::kKeyUp;
        case 0x50: return platform::kKeyDown;
        case 0x4b: return platform::kKeyLeft;
        case 0x4d: return platform::kKeyRight;
        case 0x47: return platform::kKeyHome;
        case 0x4f: return platform::kKeyEnd;
        case 0x52: return platform::kKeyInsert;
        case 0x53: return platform::kKeyDelete;
        case 0x49: return platform::kKeyPageUp;
        case 0x51: return platform::kKeyPageDown;
        case 0x85: case 0x86: return platform::kKeyF1 + 10 + scan_code - 0x85;
    }
    if (scan_code >= 0x3b && scan_code <= 0x44) return platform::kKeyF1 + scan_code - 0x3b;
    return platform::kNoKey;
}

void read_keyboard() {
    constexpr std::uint8_t kReadExtended = 0x10, kNoCharacter = 0xe0;
    while (bda::keyboard_head() != bda::keyboard_tail()) {
        RealRegisters registers{};
        registers.eax = kReadExtended << 8;
        bios_interrupt(0x16, registers);
        auto character = static_cast<std::uint8_t>(registers.eax);
        auto scan_code = static_cast<std::uint8_t>(registers.eax >> 8);
        bool special = character == 0 || (character == kNoCharacter && scan_code);
        int key = special ? special_key(scan_code) : character;
        if (key != platform::kNoKey) console.typed.push(key);
    }
}

void read_terminal() {
    auto add = [](util::KeyDecoder::Keys keys) {
        for (int i = 0; i < keys.count; ++i) console.typed.push(keys.key[i]);
    };
    int byte;
    while ((byte = console.uart.read()) >= 0) {
        add(console.decoder.feed(static_cast<std::uint8_t>(byte)));
        console.last_byte = platform::now();
    }
    if (console.decoder.waiting() && platform::now() - console.last_byte >= kEscapeTime) add(console.decoder.flush());
}

void read_keys() {
    read_keyboard();
    read_terminal();
}

// Without a video ROM the BIOS itself shows its console on the serial port (SeaBIOS's sercon): once is enough.
bool bios_console_is_serial() {
    constexpr std::uint32_t kVideoRom = 0xc0000;
    constexpr std::uint16_t kRomSignature = 0xaa55, kSystemBios = 0xf000;
    return vector(0x10).segment == kSystemBios && *physical<std::uint16_t>(kVideoRom) != kRomSignature;
}

// What the terminal says; 0 by 0 when none answers. Sends the cursor to where no screen reaches and asks where it is (ECMA-48, DSR and CPR), and back
// (VT100, DECSC and DECRC). What else comes meanwhile was typed.
platform::TextSize ask_terminal() {
    constexpr util::Duration kPatience = util::Duration::milliseconds(200);
    constexpr std::string_view kQuestion = "\x1b\x37\x1b[999;999H\x1b[6n\x1b\x38";
    for (char c : kQuestion) console.uart.write(c);
    util::AnsiParser answer;
    util::Instant end = platform::now() + kPatience;
    while (platform::now() < end) {
        int byte = console.uart.read();
        if (byte < 0) continue;
        console.last_byte = platform::now();
        switch (answer.feed(static_cast<char>(byte))) {
            case util::AnsiParser::Event::None: break;
            case util::AnsiParser::Event::Character: console.typed.push(byte); break;
            case util::AnsiParser::Event::Command:
                if (answer.command() == 'R') return {answer.parameter(1, 0), answer.parameter(0, 0)};
        }
    }
    return {};
}

}  // namespace

void console_initialise() {
    if (!bios_console_is_serial()) console.uart.open();
}

}  // namespace arch

namespace platform {

void console_show_on(TextDisplay* display) { arch::console.display = display; }

void console_write(std::string_view text) {
    TextDisplay* display = arch::console.display;
    if (display) display->write(text);
    for (char c : text) {
        if (!display) arch::console.video.put(c);
        if (c == '\n') arch::console.uart.write('\r');
        arch::console.uart.write(c);
    }
    arch::console.video.flush();
}

// One that has sent nothing since it was asked last is not there.
TextSize console_size() {
    static constinit util::Instant asked;
    arch::Console& console = arch::console;
    TextSize size = console.display ? console.display->size() : arch::Video::size();
    constexpr unsigned kBiosRows = 25;
    if (size.columns <= kUsualSize.columns && size.rows <= kBiosRows) return {size.columns, std::min(size.rows, kUsualSize.rows)};
    if (!console.uart.is_there() || console.last_byte < asked) return size;
    asked = now();
    TextSize terminal = arch::ask_terminal();
    if (!terminal.columns) return size;
    return {std::min(size.columns, std::max(terminal.columns, kUsualSize.columns)), std::min(size.rows, std::max(terminal.rows, kUsualSize.rows))};
}

int console_read_key() {
    arch::read_keys();
    return arch::console.typed.pop();
}

bool console_take_key(int key) {
    arch::read_keys();
    return arch::console.typed.take(key);
}

}  // namespace platform
