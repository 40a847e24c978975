// Initiator task tags. Those of SCSI tasks have the top bit clear; what is not a SCSI task has one fixed tag each, as
// there is never more than one of it.
#pragma once

#include <cstdint>

namespace san {

inline constexpr std::uint32_t kTagSequenceMask = 0x03ffffff;
inline constexpr std::uint32_t kLoginTag = 0x80000001;
inline constexpr std::uint32_t kPingTag = 0x80000002;
inline constexpr std::uint32_t kLogoutTag = 0x80000003;
inline constexpr std::uint32_t kTextTag = 0x80000004;

}  // namespace san
