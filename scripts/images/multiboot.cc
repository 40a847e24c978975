#include "scripts/images/multiboot.h"

#include <platform/memory.h>

#include <algorithm>

namespace scripts {

util::Result<void> Multiboot::load_by_addresses(const Addresses& addresses, std::size_t header_at) {
    std::size_t before_header = addresses.header - addresses.load;
    if (addresses.load > addresses.header || before_header > header_at) return kBadMultiboot;
    util::Bytes bytes = request.content.subspan(header_at - before_header);
    if (addresses.load_end) {
        std::size_t size = addresses.load_end - addresses.load;
        if (addresses.load_end < addresses.load || size > bytes.size()) return kBadMultiboot;
        bytes = bytes.first(size);
    }
    std::uint64_t end = std::max<std::uint64_t>(addresses.load + std::uint64_t{bytes.size()}, addresses.bss_end);
    return layout.put(addresses.load, end - addresses.load, bytes);
}

util::Result<void> Multiboot::load_elf() {
    if (!Elf::probe(request.content)) return kBadMultiboot;
    Elf elf(request.content);
    TRY(elf.load(layout));
    plan.eip = elf.entry();
    sections = TRY(elf.sections(layout, plan));
    return {};
}

util::Result<void> Multiboot::place_modules() {
    auto pages = [](const Image* image) {
        return (image->content().size() + std::uint64_t{kPage} - 1) & -std::uint64_t{kPage};
    };
    std::uint64_t total = 0;
    for (Image* image = nullptr; (image = request.next_companion(image));) total += pages(image);
    if (total == 0) return {};
    std::uint32_t at = TRY(layout.find_high(total, kPage, UINT64_MAX));
    for (Image* image = nullptr; (image = request.next_companion(image));) {
        std::uint32_t end = at + static_cast<std::uint32_t>(image->content().size());
        TRY(layout.put(at, image->content().size(), image->bytes()));
        TRY(modules.push({at, end, image}));
        at += static_cast<std::uint32_t>(pages(image));
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
