#include "scripts/keys.h"

#include <platform/console.h>

#include "util/text.h"

namespace scripts {

int parse_key(std::string_view text) {
    if (text.size() == 1) return static_cast<unsigned char>(text[0]);
    auto code = util::parse_integer(text);
    if (!code || *code == 0) return platform::kNoKey;
    if (*code <= 0xff) return static_cast<int>(*code);
    // Function keys as the established firmware numbers them: F5 is 0x107e, then without 0x11 and 0x17 to
    // F12.
    constexpr std::uint8_t kFunctionKeys[] = {0x10, 0x12, 0x13, 0x14, 0x15, 0x16, 0x18, 0x19};
    for (std::size_t i = 0; i < sizeof kFunctionKeys; ++i)
        if (*code == (std::uint32_t{kFunctionKeys[i]} << 8 | 0x7e))
            return platform::kKeyF1 + 4 + static_cast<int>(i);
    return platform::kNoKey;
}

util::Result<int> wait_for_key_until(util::Loop& loop, util::Instant deadline) {
    int key = platform::kNoKey;
    TRY(loop.run_until([&] { return (key = platform::console_read_key()) != platform::kNoKey; }, deadline));
    if (key == platform::kCtrlC) return util::kCancelled;
    return key;
}

util::Result<int> wait_for_key(util::Loop& loop, util::Duration timeout) {
    return wait_for_key_until(loop, timeout.us() > 0 ? loop.now() + timeout : util::Instant::never());
}

}  // namespace scripts
