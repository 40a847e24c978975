// Processor exceptions while C++ runs: said and stopped, instead of a silent restart.
#include <platform/calling.h>

#include "arch/bios/machine.h"
#include "arch/stage/packed.h"
#include "util/text.h"

extern "C" const char exception_stubs[];  // arch/runtime/exception_stubs.asm

namespace arch {
namespace {

constexpr unsigned kExceptions = 32, kStubSize = 5;
constexpr std::uint32_t kInterruptGate = 0x8e00;  // 32-bit, present, ring 0

constinit std::uint64_t gates[kExceptions] = {};

// Those that push an error code. Intel SDM volume 3, table 6-1.
constexpr std::uint32_t kWithErrorCode = 1u << 8 | 0x1fu << 10 | 1u << 14 | 1u << 17;

}  // namespace

void exceptions_initialise() {
    for (unsigned i = 0; i < kExceptions; ++i) {
        auto target = reinterpret_cast<std::uint32_t>(exception_stubs + i * kStubSize);
        std::uint32_t low = std::uint32_t{kCode32} << 16 | (target & 0xffff);
        std::uint32_t high = (target & 0xffff0000) | kInterruptGate;
        gates[i] = std::uint64_t{high} << 32 | low;
    }
    Resident& block = resident();
    block.idt_register = {sizeof gates - 1, reinterpret_cast<std::uint32_t>(gates)};
    asm volatile("lidt %0" ::"m"(block.idt_register));
}

// The stack: where the stub called from, an error code with some, then EIP, CS, EFLAGS.
extern "C" PLATFORM_SYSTEM_V [[gnu::used, noreturn]] void exception_report(const std::uint32_t* stack) {
    std::uint32_t vector = (stack[0] - reinterpret_cast<std::uint32_t>(exception_stubs)) / kStubSize - 1;
    std::uint32_t at = stack[kWithErrorCode >> vector & 1 ? 2 : 1];
    util::print("\nprocessor exception %u at image address %x\n", vector, at - resident().memory_base + kLinkAddress);
    util::panic("processor exception");
}

}  // namespace arch
