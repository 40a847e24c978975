// Makes x86 code pack better still than x86_filter does, for packers that know instructions: calls say where they lead
// to, from the code's start, and jumps how many instructions they skip, which are a third as many as bytes.
//
// Code must be what X86Parser knows, and jumps lead to the start of an instruction that it sees.
#pragma once

#include <cstdint>

namespace util {

// Both need room for one word per instruction and one more; size + 1 words are always enough.
// On the host. False, and nothing is changed, when there is a jump that cannot be expressed: such code goes unfiltered.
bool x86_branches_encode(std::uint8_t* code, std::uint32_t size, std::uint32_t* starts);
// The exact inverse. Any input is safe.
void x86_branches_decode(std::uint8_t* code, std::uint32_t size, std::uint32_t* starts);

}  // namespace util
