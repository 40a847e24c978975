#include "scripts/images/layout.h"

#include <platform/memory.h>

#include <algorithm>

#include "scripts/images/image_memory.h"

namespace scripts {

// Vectors and BIOS data end at 500h; the page is left alone.
static constexpr std::uint64_t kFirstUsable = 0x1000, kOneMiB = 1 << 20, kEnd = std::uint64_t{1} << 32;

// What may be used of a range of the memory map; empty when it is no RAM.
Layout::Extent Layout::usable(std::size_t index) {
    const platform::MemoryRange& range = platform::memory_map()[index];
    if (range.type != platform::kRam) return {0, 0};
    std::uint64_t end = std::min(range.end(), kEnd);
    if (end <= kOneMiB) end = std::min<std::uint64_t>(end, platform::base_memory_end());
    return {std::max<std::uint64_t>(range.base, kFirstUsable), end};
}

const Layout::Extent* Layout::in_the_way(const Extent& place) const {
    for (const Extent& taken : taken_.span())
        if (taken.overlaps(place)) return &taken;
    return nullptr;
}

util::Result<void> Layout::reserve(std::uint64_t target, std::uint64_t size) {
    if (size == 0) return {};
    Extent place{target, target + size};
    bool is_ram = false;
    for (std::size_t i = 0; i < platform::memory_map().size(); ++i) {
        Extent range = usable(i);
        is_ram |= place.base >= range.base && place.end <= range.end && place.end > place.base;
    }
    if (is_ram && !in_the_way(place)) return taken_.push(place);
    plan_.detail.clear();
    plan_.detail.format("it needs %lu KiB at address 0x%lx, where %s", (size + 1023) / 1024, target,
                        is_ram ? "something else must be" : "there is not that much memory");
    return kNoRoom;
}

util::Result<void> Layout::put(std::uint64_t target, std::uint64_t size, util::Bytes source) {
    TRY(reserve(target, size));
    if (size == 0) return {};
    return plan_.blocks.push({static_cast<std::uint32_t>(target), static_cast<std::uint32_t>(size), source});
}

// Above 1 MiB, between what is taken.
std::uint64_t Layout::largest_gap(std::uint64_t limit) const {
    std::uint64_t largest = 0;
    for (std::size_t i = 0; i < platform::memory_map().size(); ++i) {
        Extent range = usable(i);
        if (range.base < kOneMiB) continue;
        auto below = [&](std::uint64_t end) {
            std::uint64_t base = range.base;
            for (const Extent& taken : taken_.span())
                if (taken.end <= end) base = std::max(base, taken.end);
            if (end > base && end <= range.end) largest = std::max(largest, end - base);
        };
        below(std::min(range.end, limit));
        for (const Extent& taken : taken_.span()) below(std::min(taken.base, limit));
    }
    return largest;
}

util::Result<std::uint32_t> Layout::find_high(std::uint64_t size, std::uint32_t alignment, std::uint64_t limit) {
    std::uint64_t best = 0;
    for (std::size_t i = 0; i < platform::memory_map().size(); ++i) {
        Extent range = usable(i);
        if (range.base < kOneMiB) continue;
        // Downwards from one thing that is in the way to the next.
        std::uint64_t end = std::min(range.end, limit);
        while (end >= range.base + size) {
            std::uint64_t base = (end - size) & -std::uint64_t{alignment};
            if (base < range.base) break;
            const Extent* obstacle = in_the_way({base, base + size});
            if (!obstacle) {
                best = std::max(best, base);
                break;
            }
            end = obstacle->base;
        }
    }
    if (best) return static_cast<std::uint32_t>(best);
    plan_.detail.clear();
    explain_shortage(plan_.detail, size, largest_gap(limit));
    return kNoRoom;
}

// What is on the heap is in nobody's way: nothing is ever put there.
Layout::Extent Layout::source_of(const BootBlock& block) {
    std::uint64_t base = platform::address_of(block.source.data());
    return {base, base + block.source.size()};
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
    std::uint32_t place = TRY(find_high(size, kPage, kEnd));
    plan_.blocks[at].source = {platform::memory_at(place), size};
    TRY(plan_.blocks.push({place, size, source}));
    std::swap(plan_.blocks[first], plan_.blocks.back());
    return taken_.push({place, place + std::uint64_t{size}});
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
