// Multiboot kernels: the Multiboot Specification 0.6.96.
#include <platform/memory.h>

#include "scripts/images/multiboot.h"

namespace scripts {

namespace {

using util::Le32;

struct Header {
    Le32 magic, flags, checksum;
    Multiboot::Addresses addresses;
    Le32 entry;
};
constexpr std::uint32_t kMagic = 0x1badb002, kBootMagic = 0x2badb002;
constexpr std::size_t kSearched = 8192;  // the header begins and ends within this much
constexpr std::size_t kShortHeader = 12;
// Requirements in the lower half of the flags: pages, memory, video (as far as the BIOS has set it).
constexpr std::uint32_t kKnownWishes = 0x7, kWishes = 0xffff, kHasAddresses = 1 << 16;

struct Info {
    Le32 flags, mem_lower, mem_upper, boot_device, cmdline, mods_count, mods_addr;
    Le32 section_count, section_size, section_addr, section_names;
    Le32 mmap_length, mmap_addr, drives_length, drives_addr, config_table, boot_loader_name, apm_table;
    Le32 vbe_control_info, vbe_mode_info, vbe_mode_and_interface_segment, vbe_interface;
};
static_assert(sizeof(Info) == 88);
enum InfoFlag : std::uint32_t { kMemory = 1, kCommandLine = 4, kModules = 8, kSections = 32, kMap = 64, kName = 512 };

struct Module {
    Le32 start, end, string, reserved;
};
struct MapEntry {
    Le32 size;
    platform::MemoryRange range;
};
static_assert(sizeof(MapEntry) == 24);

std::size_t find_header(util::Bytes content) {
    util::Bytes searched = content.first(std::min(content.size(), kSearched));
    for (std::size_t at = 0; at + kShortHeader <= searched.size(); at += 4) {
        util::Reader reader(searched.subspan(at));
        std::uint32_t magic = reader.le32();
        if (magic == kMagic && magic + reader.le32() + reader.le32() == 0) return at;
    }
    return SIZE_MAX;
}

// The information structure, and behind it all that it points to.
util::Result<void> place_info(Multiboot& boot) {
    auto map = platform::memory_map();
    std::size_t size = sizeof(Info) + map.size() * sizeof(MapEntry) + boot.modules.size() * sizeof(Module) +
                       boot.sections.headers.size() + kLoaderName.size() + 1 + Multiboot::command_line_size(boot.request.image);
    for (const MultibootModule& module : boot.modules.span()) size += Multiboot::command_line_size(*module.image);
    std::uint32_t base = TRY(boot.layout.find_high(size, 16));
    util::MutableBytes memory = TRY(boot.plan.make(size));
    TRY(boot.layout.put(base, size, memory));

    Info& info = *util::view_as<Info>(memory);
    util::Writer writer(memory);
    writer.zeros(sizeof(Info));
    auto here = [&] { return base + static_cast<std::uint32_t>(writer.size()); };
    info.flags = kMemory | kCommandLine | kMap | kName;
    info.mem_lower = platform::base_memory_end() / 1024;
    info.mem_upper = Multiboot::upper_memory();
    info.mmap_addr = here();
    for (const platform::MemoryRange& range : map) writer.put_struct(MapEntry{sizeof(MapEntry) - 4, range});
    info.mmap_length = here() - info.mmap_addr;
    info.cmdline = here();
    Multiboot::write_command_line(writer, boot.request.image);
    info.boot_loader_name = here();
    writer.text(kLoaderName);
    writer.u8(0);
    if (!boot.sections.headers.empty()) {
        info.flags = info.flags | kSections;
        info.section_count = boot.sections.count;
        info.section_size = boot.sections.entry_size;
        info.section_names = boot.sections.names;
        info.section_addr = here();
        writer.bytes(boot.sections.headers);
    }
    if (!boot.modules.empty()) {
        info.flags = info.flags | kModules;
        info.mods_count = static_cast<std::uint32_t>(boot.modules.size());
        info.mods_addr = here();
        std::uint32_t string = here() + static_cast<std::uint32_t>(boot.modules.size() * sizeof(Module));
        for (const MultibootModule& module : boot.modules.span()) {
            writer.put_struct(Module{module.start, module.end, string, 0u});
            string += static_cast<std::uint32_t>(Multiboot::command_line_size(*module.image));
        }
        for (const MultibootModule& module : boot.modules.span()) Multiboot::write_command_line(writer, *module.image);
    }
    ASSERT(writer.ok());
    boot.plan.eax = kBootMagic;
    boot.plan.ebx = base;
    return {};
}

}  // namespace

bool probe_multiboot1(util::Bytes content) { return find_header(content) != SIZE_MAX; }

util::Result<void> plan_multiboot1(const BootRequest& request, BootPlan& plan) {
    Multiboot boot(request, plan);
    std::size_t at = find_header(request.content);
    util::Reader reader(request.content.subspan(at));
    auto header = reader.take<Header>();  // zeros when the long form does not fit
    std::uint32_t flags = util::Reader(request.content.subspan(at + 4)).le32();
    if (std::uint32_t wishes = flags & kWishes & ~kKnownWishes) {
        plan.detail.format("flags 0x%x of its Multiboot header", wishes);
        return kMultibootWish;
    }
    if (flags & kHasAddresses) {
        if (!reader.ok()) return kBadMultiboot;
        TRY(boot.load_by_addresses(header.addresses, at));
        TRY(boot.enter_at(header.entry));
    } else {
        TRY(boot.load_elf());
    }
    TRY(boot.place_modules());
    TRY(place_info(boot));
    return boot.layout.arrange();
}

}  // namespace scripts
