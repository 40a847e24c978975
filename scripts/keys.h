// Keys as scripts name them, and waiting for one.
#pragma once

#include <string_view>

#include "util/loop.h"

namespace scripts {

// "q", "0x02", or the code of a function key ("0x197e" is F12); kNoKey when it names none.
int parse_key(std::string_view text);

// The next key. Failure: kTimedOut, or kCancelled on Ctrl-C.
util::Result<int> wait_for_key_until(util::Loop& loop, util::Instant deadline);
// The next key. A zero timeout waits for ever. Failure: kTimedOut, or kCancelled on Ctrl-C.
util::Result<int> wait_for_key(util::Loop& loop, util::Duration timeout = {});

}  // namespace scripts
