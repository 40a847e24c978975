#include "scripts/handover.h"

#include <platform/boot.h>
#include <platform/memory.h>

#include <algorithm>
#include <cstring>

#include "scripts/lexer.h"
#include "scripts/system.h"

namespace scripts {

// Words that boot loaders put into a kernel's command line for Linux: BOOT_IMAGE=, BOOTIF=, SYSUUID= and the other names in
// capitals (SYSLINUX's SYSAPPEND, GRUB), and these.
static constexpr std::string_view kLoaderWords[] = {"initrd=", "ip=", "mem=", "vga=", "video="};

static bool is_for_linux(std::string_view word) {
    for (std::string_view known : kLoaderWords)
        if (word.starts_with(known)) return true;
    std::size_t name = 0;
    while (name < word.size() && ((word[name] >= 'A' && word[name] <= 'Z') || word[name] == '_')) ++name;
    return name && name < word.size() && word[name] == '=';
}

// The rest, as it is written: quotes and "&&" are the script language's.
static util::Result<bool> append_commands(std::string_view line, util::String& script) {
    bool any = false;
    while (!(line = util::trim(line)).empty()) {
        std::size_t length = std::min(line.find(' '), line.size());
        if (std::string_view word = line.substr(0, length); !is_for_linux(word)) {
            TRY(script.append(word));
            TRY(script.append(" "));
            any = true;
        }
        line.remove_prefix(length);
    }
    return any;
}

util::Result<Image*> take_handover(System& system) {
    Image* first = nullptr;
    util::Bytes initrd = platform::boot_initrd();
    bool runs = is_script(util::as_text(initrd));
    // Loaders fill up to whole words.
    while (runs && initrd.back() == std::byte{0}) initrd = initrd.first(initrd.size() - 1);
    if (!initrd.empty()) {
        MemoryGap place{platform::address_of(initrd.data()), static_cast<std::uint32_t>(initrd.size())};
        Image* image = TRY(system.images.add("initrd", {}, place));
        if (runs) first = image;
    }
    util::String commands = TRY(util::String::from("#!ipxe\n"));
    if (!TRY(append_commands(platform::boot_command_line(), commands))) return first;
    if (first) TRY(commands.append("\nimgexec initrd"));
    util::Vector<std::byte> bytes;
    TRY(bytes.resize(commands.size()));
    std::memcpy(bytes.data(), commands.view().data(), commands.size());
    return system.images.add("cmdline", {}, std::move(bytes));
}

}  // namespace scripts
