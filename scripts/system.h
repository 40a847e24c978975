// The system that scripts act on: the network, the drives, the settings and images. Made once by whoever
// starts the firmware (arch/, host programs, tests) from parts that outlive it; run_main() (scripts/main.h)
// is what it does then.
#pragma once

#include <platform/console.h>

#include "net/fetch/fetch.h"
#include "net/stack.h"
#include "net/stream.h"
#include "san/drive_table.h"
#include "san/iscsi_config.h"
#include "scripts/engine.h"
#include "scripts/form_parameters.h"
#include "scripts/images/image.h"
#include "scripts/line_editor.h"
#include "scripts/menus/dialog.h"
#include "scripts/menus/palette.h"
#include "scripts/network.h"
#include "scripts/san_drives.h"
#include "scripts/settings/builtin_settings.h"
#include "scripts/settings/smbios_settings.h"
#include "scripts/words/flow.h"
#include "util/wall_clock.h"

namespace scripts {

// What check sums of images need is a library built for the i686.
enum class CpuLevel : std::uint8_t { I486, I686 };

// What a system is made of. NICs are in the stack already, the one that was booted from first.
struct SystemParts {
    util::Loop& loop;
    net::Stack& stack;
    net::Connector& connector;  // TCP
    net::DatagramService& datagrams;
    net::Random& random;
    san::DriveTable& drives;
    CpuLevel cpu = CpuLevel::I686;
    // One byte of a PCI function's configuration space; null: there is no PCI.
    std::uint8_t (*read_pci)(std::uint16_t busdevfn, std::uint8_t offset) = nullptr;
    // Whether this image has a driver of that name; null: there are none.
    bool (*has_driver)(std::string_view name) = nullptr;
};

class System {
  public:
    explicit System(const SystemParts& parts);
    System(const System&) = delete;

    // Makes settings of what is there. Once, before anything else. Failure: out of memory.
    util::Result<void> start();

    const SystemParts parts;
    util::Loop& loop;
    util::WallClock wall_clock;
    Settings settings;
    ImageTable images;
    Engine engine;
    bool runs_scriptlet = false;  // booting within it goes by file name and root path
    util::Owned<Flow> flow;  // what only some scripts need: made by those
    History history;
    util::Owned<History> uris;  // what completion knows of (scripts/completion.h)
    NamedTable<Dialog> dialogs;
    NamedTable<FormParameters> form_parameters;
    Palette palette;
    // Another screen than the BIOS's, for as long as it exists.
    util::Owned<platform::TextDisplay> display;
    void close_display();
    Network network;
    SanDrives san;
    net::FetchContext fetch_context;
    util::Vector<util::Owned<util::Poller>> services;

  private:
    BuiltinScope builtin_;
    SmbiosScope smbios_;
};

}  // namespace scripts
