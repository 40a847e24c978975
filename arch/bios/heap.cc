// The heap: all of the hidden memory behind image and stack. First fit over a list of free blocks in address order, which
// merges neighbours when a block comes back. Both util's heap and DMA memory come from here.
#include <platform/dma.h>

#include <cstring>

#include "arch/bios/machine.h"
#include "util/owned.h"

namespace arch {
namespace {

// In front of every block, free or not. 16 bytes, so that what follows is aligned to 16.
struct alignas(16) Header {
    std::uint32_t size;  // with the header, a multiple of 16
    Header* next;        // free: the next free block; in use: kInUse
    std::uint32_t start; // DMA blocks: what heap_allocate returned is this far below
};
static_assert(sizeof(Header) == 16);

constexpr std::size_t kUnit = sizeof(Header);
Header* const kInUse = reinterpret_cast<Header*>(0xa110ca7e);

constinit Header* first_free = nullptr;

}  // namespace

void heap_initialise(util::MutableBytes memory) {
    auto address = reinterpret_cast<std::uintptr_t>(memory.data());
    std::size_t skip = -address & (kUnit - 1);
    first_free = reinterpret_cast<Header*>(memory.data() + skip);
    first_free->size = (memory.size() - skip) & ~(kUnit - 1);
    first_free->next = nullptr;
}

static void* take(Header** link, std::uint32_t wanted) {
    Header* block = *link;
    if (block->size - wanted < 2 * kUnit) {
        *link = block->next;
    } else {
        auto* rest = reinterpret_cast<Header*>(reinterpret_cast<std::byte*>(block) + wanted);
        rest->size = block->size - wanted;
        rest->next = block->next;
        block->size = wanted;
        *link = rest;
    }
    block->next = kInUse;
    return block + 1;
}

static void merge_with_next(Header* block) {
    Header* next = block->next;
    if (reinterpret_cast<std::byte*>(block) + block->size != reinterpret_cast<std::byte*>(next)) return;
    block->size += next->size;
    block->next = next->next;
}

static void give_back(Header* block) {
    ASSERT(block->next == kInUse);
    Header* before = nullptr;
    Header* after = first_free;
    while (after && after < block) {
        before = after;
        after = after->next;
    }
    block->next = after;
    if (after) merge_with_next(block);
    if (!before) {
        first_free = block;
        return;
    }
    before->next = block;
    merge_with_next(before);
}

}  // namespace arch

namespace util {

void* heap_allocate(std::size_t size) {
    if (size > PTRDIFF_MAX) return nullptr;
    auto wanted = static_cast<std::uint32_t>((size + 2 * arch::kUnit - 1) & ~(arch::kUnit - 1));
    for (arch::Header** link = &arch::first_free; *link; link = &(*link)->next)
        if ((*link)->size >= wanted) return arch::take(link, wanted);
    return nullptr;
}

void heap_free(void* block) {
    if (block) arch::give_back(static_cast<arch::Header*>(block) - 1);
}

}  // namespace util

namespace platform {

util::MutableBytes dma_allocate(std::size_t size, std::size_t alignment) {
    if (alignment < arch::kUnit) alignment = arch::kUnit;
    if (size > PTRDIFF_MAX - alignment) return {};
    // A header fits in front of the aligned place, to find the way back.
    auto* raw = static_cast<std::byte*>(util::heap_allocate(size + alignment));
    if (!raw) return {};
    std::size_t skip = -reinterpret_cast<std::uintptr_t>(raw) & (alignment - 1);
    std::byte* memory = raw + skip;
    if (skip) (reinterpret_cast<arch::Header*>(memory) - 1)->next = nullptr;
    (reinterpret_cast<arch::Header*>(memory) - 1)->start = static_cast<std::uint32_t>(skip);
    std::memset(memory, 0, size);
    return {memory, size};
}

void dma_free(util::MutableBytes memory) {
    if (memory.empty()) return;
    std::uint32_t skip = (reinterpret_cast<arch::Header*>(memory.data()) - 1)->start;
    util::heap_free(memory.data() - skip);
}

}  // namespace platform
