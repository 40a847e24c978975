// The PXE API seen from the machine: its block in base memory, INT 1Ah, and far calls to net::PxeApi. What is taken from the
// machine here is given back when the program has ended, or says that it wants none of us any more.
#include <platform/boot.h>
#include <platform/memory.h>

#include <cstring>

#include "arch/bios/entry.h"
#include "arch/bios/machine.h"
#include "arch/resident/nbp_block.h"
#include "net/pxe/pxe_api.h"
#include "net/pxe/pxe_structures.h"

extern "C" const std::byte nbp_block[], nbp_block_end[];

namespace arch {
namespace {

constexpr util::Failure kNoBaseMemory{util::code::kPlatform + 8, "no base memory is left for PXE"};

constexpr std::uint8_t kTimeVector = 0x1a;
constexpr FarPointer kProgram{0x7c00, 0};
// PXE 2.1 section 4.4.5 promises a program 1.5 KiB.
constexpr std::size_t kStack = 1792;
// INT 12h may not go below what a program and its loader need.
constexpr std::uint16_t kLeastBaseMemory = 256;

struct Offer {
    net::PxeApi* api = nullptr;
    NbpBlock* block = nullptr;
    std::uint16_t segment = 0, size = 0, kib = 0;
    std::uint16_t stack = 0;  // its end
    bool unloaded = false;
};
constinit Offer offer;

std::size_t code_size() { return static_cast<std::size_t>(nbp_block_end - nbp_block); }

// What the program may point to: not to the entries that it calls, nor, physically, to devices.
class ProgramMemory final : public util::GuestMemory {
  public:
    util::MutableBytes map(std::uint64_t address, std::size_t size) override {
        constexpr std::uint32_t kRealModeEnd = 0x110000;
        std::uint64_t end = address + size;
        std::uint32_t code = offer.segment * 16u;
        if (address < code + code_size() && code < end) return {};
        if (end > kRealModeEnd && !is_ram(address, end)) return {};
        return guest_memory().map(address, size);
    }

  private:
    static bool is_ram(std::uint64_t address, std::uint64_t end) {
        for (const platform::MemoryRange& range : platform::memory_map())
            if (range.type == platform::kRam && range.base <= address && end <= range.end()) return true;
        return false;
    }
};
constinit ProgramMemory program_memory;

// Return address and !PXE, as the program finds them.
FarPointer prepare_stack() {
    FarPointer stack{static_cast<std::uint16_t>(offer.stack - 2 * sizeof(FarPointer)), offer.segment};
    auto* top = physical<FarPointer>(linear(stack));
    top[0] = {offer.block->entries.exited, offer.segment};
    top[1] = {offsetof(NbpBlock, bang_pxe), offer.segment};
    return stack;
}

void set_program_registers(RealRegisters& registers) {
    registers.es = offer.segment;
    registers.ebx = offsetof(NbpBlock, pxenv);
}

void restart(Resident& block) {
    block.caller_frame = kProgram;
    block.caller_stack = prepare_stack();
    block.caller.flags = kInterruptFlag;
    set_program_registers(block.caller);
}

// What is somebody else's by now stays so.
void unhook_time() {
    FarPointer ours{offer.block->entries.int1a, offer.segment};
    if (vector(kTimeVector) == ours) vector(kTimeVector) = offer.block->old_int1a;
}

// The program may make the memory that !PXE names its own now. It raises the end of base memory itself, as far as it trusts us.
void unload() {
    if (offer.unloaded) return;
    offer.unloaded = true;
    unhook_time();
    if (drives_published()) return;
    Resident& block = resident();
    vector(kBootFailedVector) = block.old_int18;
    vector(kBootVector) = block.old_int19;
    give_back_machine();
}

void handle_call(Resident& block) {
    struct Arguments {
        std::uint16_t function;
        net::pxe::SegOff16 parameters;
    };
    block.int13_chain = false;
    Arguments arguments = *physical<Arguments>(linear(block.caller_stack));
    net::PxeApi::Answer answer = offer.api->call(arguments.function, arguments.parameters);
    set_low16(block.caller.eax, static_cast<std::uint16_t>(answer.exit));
    if (answer.then == net::PxeApi::Then::Restart) restart(block);
    if (answer.then == net::PxeApi::Then::Unload) unload();
}

void fill_in(NbpBlock& block) {
    const Resident& resident_block = resident();
    auto resident_segment = static_cast<std::uint16_t>(resident_block.linear >> 4);
    std::memcpy(static_cast<void*>(&block), nbp_block, code_size());
    block.far_call = {resident_block.entries.far_call, resident_segment};
    block.give_up = {resident_block.entries.hook18, resident_segment};
    block.old_int1a = vector(kTimeVector);
    net::PxePlace place{offer.segment, offer.size, offer.segment, offer.size, block.entries.api, block.entries.pxenv,
                        offsetof(NbpBlock, bang_pxe)};
    if (!drives_published()) {
        place.rest_segment = static_cast<std::uint16_t>(base_memory_begin() >> 4);
        place.rest_size = static_cast<std::uint16_t>(resident_block.base_memory_kib * 1024);
    }
    net::describe_pxe(place, block.bang_pxe, block.pxenv);
    vector(kTimeVector) = {block.entries.int1a, offer.segment};
}

}  // namespace

FarPointer nbp_start(RealRegisters& registers) {
    set_program_registers(registers);
    return prepare_stack();
}

}  // namespace arch

namespace platform {

util::Result<void> offer_pxe(net::PxeApi& api) {
    using namespace arch;
    std::size_t front = code_size() + kStack;
    std::size_t kib = (front + api.area_size() + 1023) / 1024;
    std::uint16_t end = bda::base_memory_kib();
    if (end < kLeastBaseMemory + kib) return kNoBaseMemory;
    offer = {.api = &api};
    offer.kib = static_cast<std::uint16_t>(kib);
    offer.size = static_cast<std::uint16_t>(kib * 1024);
    offer.segment = static_cast<std::uint16_t>((end - kib) * 64);
    offer.stack = static_cast<std::uint16_t>(front);
    offer.block = physical<NbpBlock>(offer.segment * 16u);
    fill_in(*offer.block);
    move_base_memory_end(-static_cast<int>(kib));
    auto* bytes = physical<std::byte>(offer.segment * 16u + front);
    api.start(program_memory, {{offer.stack, offer.segment}, {bytes, offer.size - front}});
    set_far_call_handler(handle_call);
    set_nbp_start(nbp_start);
    return {};
}

std::optional<std::uint16_t> withdraw_pxe() {
    using namespace arch;
    set_nbp_start(nullptr);
    if (offer.unloaded && !drives_published()) take_back_machine();
    unhook_time();
    auto begin = static_cast<std::uint16_t>(offer.segment / 64);
    if (bda::base_memory_kib() >= begin) {  // else somebody stays below us
        bda::base_memory_kib() = begin;     // unloading programs raise it
        move_base_memory_end(offer.kib);
    }
    if (!offer.block->has_exited) return std::nullopt;
    return offer.block->exit_code;
}

}  // namespace platform
