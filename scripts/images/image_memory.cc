#include "scripts/images/image_memory.h"

#include <platform/memory.h>

#include <algorithm>

#include "scripts/images/image.h"

namespace scripts {

// The last page below 4 GiB is no RAM.
static constexpr std::uint32_t kFirst = 1 << 20, kEnd = -kPage;

// The gap that begins at the first page at or after `from`, within memory that ends at `end`.
static MemoryGap gap_at(util::List<Image>& images, std::uint32_t from, std::uint32_t end) {
    from = (from + kPage - 1) & -kPage;
    for (Image& image : images)
        if (image.place().end() > from) end = std::min(end, image.place().base);
    end &= -kPage;
    return end > from ? MemoryGap{from, end - from} : MemoryGap{};
}

MemoryGap find_gap(util::List<Image>& images, std::uint64_t wanted) {
    MemoryGap best;
    auto consider = [&](std::uint32_t from, std::uint32_t end) {
        MemoryGap gap = gap_at(images, from, end);
        bool fits = wanted && gap.size >= wanted, best_fits = wanted && best.size >= wanted;
        if (fits && best_fits ? gap.base < best.base : gap.size > best.size) best = gap;
    };
    for (const platform::MemoryRange& range : platform::memory_map()) {
        if (range.type != platform::kRam || range.base > kEnd || range.end() <= kFirst) continue;
        auto base = std::max(static_cast<std::uint32_t>(range.base), kFirst);
        auto end = static_cast<std::uint32_t>(std::min<std::uint64_t>(range.end(), kEnd));
        consider(base, end);
        for (Image& image : images)
            if (image.place().base >= base && image.place().end() < end) consider(image.place().end(), end);
    }
    return best;
}

void explain_shortage(util::TextSink& target, std::uint64_t wanted, std::uint64_t free) {
    constexpr unsigned kMiB = 20;
    constexpr std::uint64_t kRoundUp = (1 << kMiB) - 1;
    target.format("needs %lu MiB, %lu MiB are free", (wanted + kRoundUp) >> kMiB, free >> kMiB);
}

}  // namespace scripts
