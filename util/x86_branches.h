// Makes x86 code pack better still than x86_filter does, for packers that know instructions: jumps say how many
// instructions they skip, which are a third as many as bytes, and calls which function they lead to, by its number, the
// high byte first, from which the low one is easier to tell. A call is
// 0 when it is the first one of the last function before it that was not called yet: a linker that puts functions in the right
// order (util/tools/order_image.cc) makes that so for nearly each function.
//
// Code must be what X86Parser knows, and jumps lead to the start of an instruction that it sees. Functions are what an INT3
// comes before; calls of anything else say where it is, from the code's start.
#pragma once

#include <cstdint>
#include <span>

namespace util {

// How many words of room both need.
constexpr std::uint32_t x86_branches_room(std::uint32_t size) { return 3 * size + 4; }
// On the host. False, and nothing is changed, when there is a jump or call that cannot be expressed: such code goes unfiltered.
// `uncalled`: as x86_branches_decode returns it.
bool x86_branches_encode(std::uint8_t* code, std::uint32_t size, std::uint32_t* room, std::span<const std::uint32_t>& uncalled);
// The exact inverse. Any input is safe. Returns where those functions start, in room, that no call is the first of.
std::span<const std::uint32_t> x86_branches_decode(std::uint8_t* code, std::uint32_t size, std::uint32_t* room);

}  // namespace util
