#include "scripts/images/multiboot.h"

#include <platform/memory.h>

#include <algorithm>

namespace scripts {

util::Result<void> Multiboot::load_by_addresses(const Addresses& addresses, std::size_t header_at) {
    std::uint32_t load = addresses.load, end = addresses.load_end;
    if (load == kFromTheBeginning) load = addresses.header - static_cast<std::uint32_t>(header_at);
    std::uint32_t before_header = addresses.header - load;
    if (load > addresses.header || before_header > header_at) return kBadMultiboot;
    util::Bytes bytes = request.content.subspan(header_at - before_header);
    if (end) {
        if (end < load || end - load > bytes.size()) return kBadMultiboot;
        bytes = bytes.first(end - load);
    }
    auto size = static_cast<std::uint32_t>(bytes.size());
    if (addresses.bss_end > load) size = std::max(size, addresses.bss_end - load);
    return layout.put(load, size, bytes);
}

util::Result<void> Multiboot::load_elf() {
    if (!Elf::probe(request.content)) return kBadMultiboot;
    Elf elf(request.content);
    TRY(elf.load(layout));
    TRY(enter_at(elf.entry()));
    sections = TRY(elf.sections(layout, plan));
    return {};
}

util::Result<void> Multiboot::enter_at(std::uint32_t address) {
    plan.eip = address;
    for (const BootBlock& block : plan.blocks.span())
        if (address - block.target < block.size) return {};
    plan.detail.format("it is to be entered at address 0x%x, where nothing of it is", address);
    return kBadMultiboot;
}

util::Result<void> Multiboot::place_modules() {
    auto size = [](const Image* image) { return static_cast<std::uint32_t>(image->content().size()); };
    auto padded = [size](const Image* image) { return (size(image) + kPage - 1) & -kPage; };
    std::uint32_t total = 0;
    for (Image* image = nullptr; (image = request.next_companion(image));) total += padded(image);
    if (total == 0) return {};
    std::uint32_t at = TRY(layout.find_high(total, kPage, Layout::kNoLimit, "the sum of its modules "));
    for (Image* image = nullptr; (image = request.next_companion(image));) {
        TRY(layout.put(at, size(image), image->bytes()));
        TRY(modules.push({at, at + size(image), image}));
        at += padded(image);
    }
    return {};
}

void Multiboot::write_command_line(util::Writer& writer, const Image& image) {
    writer.text(image.name());
    writer.text(" ");
    writer.text(image.arguments());
    writer.u8(0);
}

std::uint32_t Multiboot::upper_memory() {
    constexpr std::uint32_t kOneMiB = 1 << 20;
    for (const platform::MemoryRange& range : platform::memory_map())
        if (range.type == platform::kRam && range.base <= kOneMiB && range.end() > kOneMiB)
            return static_cast<std::uint32_t>(std::min<std::uint64_t>(range.end() - kOneMiB, UINT32_MAX) / 1024);
    return 0;
}

}  // namespace scripts
