// The functions behind the PXE calls. Each is given its parameter structure, all of which is memory of the program's, and
// returns what goes into its status.
#pragma once

#include "net/pxe/pxe_api.h"

namespace net {

using PxeCall = pxe::Status(PxeApi& api, std::byte* parameters);

// The structure at a place that is long enough for it (the table in pxe_api.cc says so).
template <util::WireStruct T>
T& parameters_as(std::byte* parameters) {
    return *reinterpret_cast<T*>(parameters);
}

PxeCall pxe_tftp_open, pxe_tftp_close, pxe_tftp_read, pxe_tftp_read_file, pxe_tftp_get_file_size, pxe_restart_tftp;
PxeCall pxe_file_open, pxe_file_close, pxe_file_select, pxe_file_read, pxe_file_get_size, pxe_file_check;
PxeCall pxe_udp_open, pxe_udp_close, pxe_udp_read, pxe_udp_write;
PxeCall pxe_undi_start, pxe_undi_shutdown, pxe_undi_reset, pxe_undi_open, pxe_undi_close, pxe_undi_transmit,
    pxe_undi_set_multicast, pxe_undi_set_station_address, pxe_undi_set_filter, pxe_undi_get_information,
    pxe_undi_get_statistics, pxe_undi_clear_statistics, pxe_undi_get_multicast_address, pxe_undi_get_nic_type,
    pxe_undi_get_iface_info, pxe_undi_isr;

// The status that tells best why a transfer failed.
pxe::Status pxe_file_status(const util::Failure& failure);

}  // namespace net
