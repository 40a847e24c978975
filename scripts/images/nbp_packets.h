// The DHCP packets that a network boot program gets from the PXE API (PXENV_GET_CACHED_INFO): those that were on the wire, and
// one that says what the settings say, which is what scripts change ("set 210:string ...").
#pragma once

#include "net/pxe/pxe_api.h"
#include "scripts/network.h"

namespace scripts {

class NbpPackets {
  public:
    // The URI is the program's: the server that it came from by TFTP is the one that it shall find its files on, and
    // its name says in which folder. Failure: out of memory.
    util::Result<void> make(Settings& settings, Nic& nic, std::string_view uri);
    // Without a lease there is one packet, from what was typed in, for both ACK and reply.
    net::PxePackets packets() const;

  private:
    util::Vector<std::byte> discover_, ack_, reply_;
};

}  // namespace scripts
