// <platform/random.h>: unpredictable numbers, for sequence numbers, ports, ids and challenges.
#pragma once

#include "util/bytes.h"

namespace platform {

void random_bytes(util::MutableBytes target);

}  // namespace platform
