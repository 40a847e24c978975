// COM1 as a console: a 16550 (or older), polled.
#pragma once

#include <cstdint>

#include "util/time.h"

namespace arch {

class Uart {
  public:
    // Looks for one and sets it up: 115200 baud, 8N1. Without one all else does nothing.
    void open();
    bool is_there() const { return port_ != 0; }
    void write(char c);
    int read();  // -1 when nothing came

  private:
    std::uint16_t port_ = 0;    // 0: none
    bool has_fifo_ = false;
    bool stalled_ = false;      // did not take a byte in time: not waited for again until it does
    std::uint8_t fifo_room_ = 0;
    util::Instant next_read_;
};

}  // namespace arch
