// The iBFT as scripts need it: what is hooked, and the NICs as settings say.
#include <platform/boot.h>

#include "scripts/system.h"

namespace scripts {

util::Result<void> publish_ibft(System&) { return platform::publish_ibft({}); }

}  // namespace scripts
