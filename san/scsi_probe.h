// Getting to know a logical unit after login: what it is, whether it is ready, how large it is, and marks to know it
// again by. One command after the other; IscsiDevice carries them to the session. When the unit is missing or is no
// disk, it asks which units exist.
#pragma once

#include "san/block_device.h"
#include "san/scsi_commands.h"
#include "san/scsi_retry.h"

namespace san {

// Marks of a unit (VPD pages 80h and 83h as checksums; 0: none) and its size.
struct UnitIdentity {
    std::uint32_t serial = 0, designators = 0;
    std::uint64_t blocks = 0;
    std::uint32_t block_size = 0;
    bool operator==(const UnitIdentity&) const = default;
};

class ScsiProbe {
  public:
    enum class State : std::uint8_t { Running, Ready, Failed };

    void start(const ScsiLun& lun, util::Instant now);
    State state() const { return state_; }
    // The next command when its time has come, else null. Call task_done() once it is Done.
    ScsiTask* next(util::Instant now);
    ScsiTask& task() { return task_; }
    void task_done(util::Instant now);
    // Whether a command is with the session; if not, when next() is worth asking.
    bool in_flight() const { return in_flight_; }
    util::Instant next_at() const { return retry_.again_at(); }

    // When Ready.
    const BlockGeometry& geometry() const { return geometry_; }
    const UnitIdentity& identity() const { return identity_; }
    // When Failed.
    const util::Failure& failure() const { return *failure_; }
    const Sense& sense() const { return sense_; }
    std::uint8_t device_type() const { return device_type_; }
    // "LUNs that exist: 1, 2"; empty when it was not asked.
    std::string_view existing_luns() const { return luns_.view(); }

  private:
    enum class Step : std::uint8_t {
        Inquiry,
        DesignatorPage,
        SerialPage,
        TestReady,
        StartUnit,
        Capacity10,
        Capacity16,
        ModeSense,
        ReportLuns,
        End,
    };
    void prepare();
    void take_answer();
    void take_failure(const util::Failure& failure);
    void take_inquiry();
    void take_capacity(const std::optional<Capacity>& capacity);
    void take_luns();
    void fail(const util::Failure& failure);
    void finish(State state);
    util::Bytes answer() const { return util::Bytes(buffer_).first(task_.transferred); }

    State state_ = State::Running;
    Step step_ = Step::Inquiry;
    ScsiLun lun_;
    bool in_flight_ = false;
    ScsiRetry retry_;
    BlockGeometry geometry_;
    std::uint8_t device_type_ = 0;
    const util::Failure* failure_ = nullptr;
    Sense sense_;
    ScsiTask task_;
    UnitIdentity identity_;
    util::Text<120> luns_;
    std::array<std::byte, 512> buffer_;
};

}  // namespace san
