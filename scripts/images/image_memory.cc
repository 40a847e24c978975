#include "scripts/images/image_memory.h"

#include <platform/memory.h>

#include <algorithm>

#include "scripts/images/image.h"

namespace scripts {

static constexpr std::uint64_t kFirst = 1 << 20, kEnd = std::uint64_t{1} << 32;

// The gap that begins at the first page at or after `from`, within memory that ends at `end`.
static MemoryGap gap_at(util::List<Image>& images, std::uint64_t from, std::uint64_t end) {
    from = (from + kPage - 1) & -std::uint64_t{kPage};
    for (Image& image : images) {
        if (image.place().size == 0) continue;
        if (image.place().base + std::uint64_t{image.place().size} > from)
            end = std::min<std::uint64_t>(end, image.place().base);
    }
    end &= -std::uint64_t{kPage};
    if (end <= from) return {};
    return {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(end - from)};
}

MemoryGap find_gap(util::List<Image>& images, std::uint64_t wanted) {
    MemoryGap best;
    auto consider = [&](std::uint64_t from, std::uint64_t end) {
        MemoryGap gap = gap_at(images, from, end);
        bool fits = wanted && gap.size >= wanted, best_fits = wanted && best.size >= wanted;
        if (fits && best_fits ? gap.base < best.base : gap.size > best.size) best = gap;
    };
    for (const platform::MemoryRange& range : platform::memory_map()) {
        std::uint64_t base = std::max<std::uint64_t>(range.base, kFirst), end = std::min(range.end(), kEnd);
        if (range.type != platform::kRam || base >= end) continue;
        consider(base, end);
        for (Image& image : images) {
            std::uint64_t behind = image.place().base + std::uint64_t{image.place().size};
            if (behind > base && behind < end) consider(behind, end);
        }
    }
    return best;
}

void explain_shortage(util::TextSink& target, std::uint64_t wanted, std::uint64_t free) {
    constexpr unsigned kMiB = 20;
    constexpr std::uint64_t kRoundUp = (1 << kMiB) - 1;
    target.format("needs %lu MiB, %lu MiB are free", (wanted + kRoundUp) >> kMiB, free >> kMiB);
}

}  // namespace scripts
