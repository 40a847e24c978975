// Where images live: the machine's free RAM from 1 MiB up, below 4 GiB and below our own memory. Kernels and initrds of hundreds
// of megabytes go straight from packets to their place here.
//
// They are packed from the bottom up, each on a page of its own, so that one can grow while its size is not known, and so that
// they lie in the order in which they were fetched: what boots them then only moves initrds up and kernels down.
// Nothing of this memory is hidden from programs that we start: whoever runs one that may come back drops the images.
#pragma once

#include <cstdint>

#include "util/list.h"
#include "util/result.h"
#include "util/text.h"

namespace scripts {

class Image;

inline constexpr util::Failure kNoImageMemory{util::code::kScript + 80, "not enough memory for the image"};

inline constexpr std::uint32_t kPage = 4096;

// Free memory: [base, base + size), whole pages.
struct MemoryGap {
    std::uint32_t base = 0, size = 0;
    std::uint32_t end() const { return base + size; }
};

// The lowest gap that has `wanted` bytes between the images; the largest one when none has, or when 0 are wanted.
MemoryGap find_gap(util::List<Image>& images, std::uint64_t wanted);

// "needs 700 MiB, 500 MiB are free"
void explain_shortage(util::TextSink& target, std::uint64_t wanted, std::uint64_t free);

}  // namespace scripts
