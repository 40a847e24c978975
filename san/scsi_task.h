// One SCSI command on its way through an iSCSI session: what is asked, how far it is, and what came of it.
#pragma once

#include "san/iscsi_pdu.h"
#include "util/list.h"
#include "util/result.h"
#include "util/time.h"

namespace san {

enum class ScsiStatus : std::uint8_t {
    Good = 0x00,
    CheckCondition = 0x02,
    Busy = 0x08,
    ReservationConflict = 0x18,
    TaskSetFull = 0x28,
    AcaActive = 0x30,
    TaskAborted = 0x40,
};

using ScsiCdb = std::array<std::uint8_t, 16>;

// Owned by whoever asks; IscsiSession links and fills it while it is Queued or Active.
struct ScsiTask : util::ListNode<ScsiTask> {
    enum class Direction : std::uint8_t { None, In, Out };
    enum class State : std::uint8_t { Idle, Queued, Active, Done };

    // What is asked.
    ScsiCdb cdb{};
    ScsiLun lun;
    Direction direction = Direction::None;
    util::MutableBytes data;  // filled or sent

    // What came of it, when Done.
    State state = State::Idle;
    ScsiStatus status = ScsiStatus::Good;
    std::uint8_t response = 0;  // iSCSI service response; 0: the SCSI status counts
    std::size_t transferred = 0;
    std::uint8_t sense_size = 0;
    std::array<std::byte, 96> sense;
    util::Bytes sense_data() const { return util::Bytes(sense).first(sense_size); }

    // How far it is; IscsiSession's own.
    struct Progress {
        std::uint32_t tag = 0;
        std::uint32_t data_sn = 0;  // next expected (In)
        std::uint32_t r2t_sn = 0;   // next expected (Out)
        util::Instant answered_at;  // on the session's clock: when the target last moved it on
        struct Burst {              // data to send (Out)
            std::uint32_t target_transfer_tag = kReservedTag;
            std::size_t next = 0, end = 0;
            std::uint32_t data_sn = 0;
            bool pending() const { return next != end; }
        } burst, next_burst;
    } progress;

    void reset_result() {
        state = State::Idle;
        status = ScsiStatus::Good;
        response = 0;
        transferred = 0;
        sense_size = 0;
        progress = {};
    }
};

}  // namespace san
