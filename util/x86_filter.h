// Makes x86 code pack better: the relative targets of CALL and JMP become absolute ones before packing, so that
// calls of one function from many places look the same, and relative again after unpacking.
#pragma once

#include <cstdint>

namespace util {

void x86_filter_encode(std::uint8_t* code, std::uint32_t size);  // on the host, before packing
void x86_filter_decode(std::uint8_t* code, std::uint32_t size);  // the exact inverse

}  // namespace util
