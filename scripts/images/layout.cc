#include "scripts/images/layout.h"

#include <platform/memory.h>

#include <algorithm>

#include "scripts/images/image_memory.h"

namespace scripts {

// Vectors and BIOS data end at 500h; the page is left alone. The last page below 4 GiB is no RAM.
static constexpr std::uint32_t kFirstUsable = 0x1000, kOneMiB = 1 << 20, kEnd = -kPage;

// What may be used of a range of the memory map; empty when it is no RAM.
Layout::Extent Layout::usable(const platform::MemoryRange& range) {
    if (range.type != platform::kRam || range.base > kEnd) return {0, 0};
    auto base = std::max(static_cast<std::uint32_t>(range.base), kFirstUsable);
    auto end = static_cast<std::uint32_t>(std::min<std::uint64_t>(range.end(), kEnd));
    return {base, end <= kOneMiB ? std::min(end, platform::base_memory_end()) : end};
}

const Layout::Extent* Layout::in_the_way(const Extent& place) const {
    for (const Extent& taken : taken_.span())
        if (taken.overlaps(place)) return &taken;
    return nullptr;
}

util::Result<void> Layout::reserve(std::uint32_t target, std::uint32_t size) {
    if (size == 0) return {};
    Extent place{target, target + size};
    bool is_ram = false, begins_in_ram = false;
    std::uint32_t top = 0;
    for (const platform::MemoryRange& range : platform::memory_map()) {
        Extent memory = usable(range);
        bool begins = place.base >= memory.base && place.base < memory.end;
        begins_in_ram |= begins;
        is_ram |= begins && place.end <= memory.end && place.end > place.base;
        top = std::max(top, memory.end);
    }
    if (is_ram && !in_the_way(place)) return taken_.push(place);
    bool too_little = !is_ram && (begins_in_ram || target >= top);
    plan_.detail.clear();
    plan_.detail.format("it needs %u KiB at address 0x%x, where %s", (size - 1) / 1024 + 1, target,
                        too_little ? "there is not that much memory"
                        : is_ram   ? "another part of it goes"
                                   : "memory is not free: the BIOS or this firmware has it");
    return too_little ? kNoRoom : kBadPlace;
}

util::Result<void> Layout::put(std::uint32_t target, std::uint32_t size, util::Bytes source) {
    TRY(reserve(target, size));
    if (size == 0) return {};
    return plan_.blocks.push({target, size, source});
}

util::Result<std::uint32_t> Layout::find_high(std::uint32_t size, std::uint32_t alignment, std::uint32_t limit, const char* what) {
    std::uint32_t best = 0, largest = 0;
    bool is_limited = false;
    for (const platform::MemoryRange& range : platform::memory_map()) {
        Extent memory = usable(range);
        if (memory.base < kOneMiB) continue;
        is_limited |= memory.end > limit;
        // Gap by gap downwards.
        for (std::uint32_t end = std::min(memory.end, limit); end > memory.base;) {
            Extent below{memory.base, memory.base};
            for (const Extent& taken : taken_.span())
                if (taken.base < end && taken.end > below.end) below = taken;
            std::uint32_t begin = std::min(below.end, end), place = (end - size) & -alignment;
            if (end - begin >= size && place >= begin) {
                best = std::max(best, place);
                break;
            }
            largest = std::max(largest, end - begin);
            end = below.base;
        }
    }
    if (best) return best;
    plan_.detail.clear();
    plan_.detail.text(what);
    explain_shortage(plan_.detail, size, largest);
    if (is_limited) plan_.detail.format(" below address 0x%x", limit);
    return kNoRoom;
}

// What is on the heap is in nobody's way: nothing is ever put there.
Layout::Extent Layout::source_of(const BootBlock& block) {
    std::uint32_t base = platform::address_of(block.source.data());
    return {base, base + static_cast<std::uint32_t>(block.source.size())};
}

// Whether any block from `first` on, but for itself, is copied from where `place` is; and the same for where it goes.
bool Layout::is_source(const Extent& place, std::size_t block, std::size_t first) const {
    for (std::size_t i = first; i < plan_.blocks.size(); ++i)
        if (i != block && source_of(plan_.blocks[i]).overlaps(place)) return true;
    return false;
}
bool Layout::is_target(const Extent& place, std::size_t block, std::size_t first) const {
    for (std::size_t i = first; i < plan_.blocks.size(); ++i)
        if (i != block && target_of(plan_.blocks[i]).overlaps(place)) return true;
    return false;
}

// Copies a block, before all that is left, to a place that is nobody's target and nobody's source.
util::Result<void> Layout::set_aside(std::size_t at, std::size_t first) {
    for (const BootBlock& block : plan_.blocks.span()) TRY(taken_.push(source_of(block)));
    util::Bytes source = plan_.blocks[at].source;
    auto size = static_cast<std::uint32_t>(source.size());
    std::uint32_t place = TRY(find_high(size, kPage));
    plan_.blocks[at].source = {platform::memory_at(place), size};
    TRY(plan_.blocks.push({place, size, source}));
    std::swap(plan_.blocks[first], plan_.blocks.back());
    return taken_.push({place, place + size});
}

// There are few blocks: a kernel's parts, and as many as there are initrds or modules. Each is set aside once at most, as
// nothing goes where it is then.
util::Result<void> Layout::arrange() {
    for (std::size_t first = 0; first < plan_.blocks.size(); ++first) {
        std::size_t next = first, smallest = first, size = SIZE_MAX;
        for (; next < plan_.blocks.size(); ++next) {
            const BootBlock& block = plan_.blocks[next];
            if (!is_source(target_of(block), next, first)) break;
            if (block.source.size() >= size || !is_target(source_of(block), next, first)) continue;
            smallest = next;
            size = block.source.size();
        }
        if (next == plan_.blocks.size()) TRY(set_aside(smallest, first));
        else std::swap(plan_.blocks[first], plan_.blocks[next]);
    }
    return {};
}

}  // namespace scripts
