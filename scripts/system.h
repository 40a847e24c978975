// The system that scripts act on: the network, the drives, the settings and images. Made once by whoever starts the
// firmware (arch/, host programs, tests) from parts that outlive it.
#pragma once

#include <string_view>

#include "scripts/engine.h"
#include "scripts/line_editor.h"
#include "scripts/image.h"
#include "scripts/settings/settings.h"
#include "util/loop.h"

namespace scripts {

class System {
  public:
    explicit System(util::Loop& loop) : loop(loop), engine(*this) {}
    System(const System&) = delete;

    util::Loop& loop;
    Settings settings;
    ImageTable images;
    Engine engine;
    History history;
};

}  // namespace scripts
