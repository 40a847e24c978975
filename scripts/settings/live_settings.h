// The functions behind rows of setting_table.cc: what the firmware or an interface knows, and few scripts ask for.
#pragma once

#include "scripts/settings/setting_table.h"

namespace scripts {

LiveSetting live_cpumodel, live_cpuvendor, live_cwduri, live_cwuri, live_linktype, live_unixtime, live_vram;

}  // namespace scripts
