package peer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Issued coupons in SQLite, durable at each commit (WAL, synchronous=FULL). It remembers who holds a
 * coupon and nothing else: a request that is turned away leaves no row. One connection, one thread at
 * a time, statements prepared once; stock and holder are settled by inserting first.
 */
class CouponStore implements AutoCloseable {
  private final Connection connection;
  private final PreparedStatement insert;
  private final PreparedStatement take;
  private final PreparedStatement undo;

  CouponStore(String file, int campaigns, int stock) throws SQLException {
    connection =
        DriverManager.getConnection(
            "jdbc:sqlite:" + file + "?journal_mode=WAL&synchronous=FULL&busy_timeout=5000");
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE coupon (id INTEGER PRIMARY KEY, total INTEGER NOT NULL,"
              + " issued INTEGER NOT NULL DEFAULT 0 CHECK (issued <= total))");
      statement.executeUpdate(
          "CREATE TABLE issued (id INTEGER PRIMARY KEY,"
              + " coupon_id INTEGER NOT NULL REFERENCES coupon (id), user_id INTEGER NOT NULL,"
              + " event_id TEXT NOT NULL, issued_at INTEGER NOT NULL, UNIQUE (coupon_id, user_id))");
      for (int id = 1; id <= campaigns; id++) {
        statement.executeUpdate("INSERT INTO coupon (id, total) VALUES (" + id + ", " + stock + ")");
      }
    }
    connection.setAutoCommit(false);
    insert =
        connection.prepareStatement(
            "INSERT INTO issued (coupon_id, user_id, event_id, issued_at) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT DO NOTHING");
    take =
        connection.prepareStatement(
            "UPDATE coupon SET issued = issued + 1 WHERE id = ? AND issued < total");
    undo = connection.prepareStatement("DELETE FROM issued WHERE coupon_id = ? AND user_id = ?");
  }

  /** One request, one transaction. One that is turned away is rolled back, which costs no sync. */
  synchronized void issue(CouponRequest request) throws SQLException {
    try {
      if (insert(request) && takeOne(request)) connection.commit();
      else connection.rollback();
    } catch (SQLException error) {
      connection.rollback();
      throw error;
    }
  }

  /** All requests in one transaction. */
  synchronized void issueAll(List<CouponRequest> requests) throws SQLException {
    try {
      for (CouponRequest request : requests) {
        if (insert(request) && !takeOne(request)) remove(request);
      }
      connection.commit();
    } catch (SQLException error) {
      connection.rollback();
      throw error;
    }
  }

  synchronized long countIssued() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM issued")) {
      return rows.getLong(1);
    }
  }

  /** False where this user holds the coupon already. */
  private boolean insert(CouponRequest request) throws SQLException {
    insert.setLong(1, request.couponId());
    insert.setLong(2, request.userId());
    insert.setString(3, request.eventId());
    insert.setLong(4, System.currentTimeMillis());
    return insert.executeUpdate() == 1;
  }

  /** False where the stock is gone. */
  private boolean takeOne(CouponRequest request) throws SQLException {
    take.setLong(1, request.couponId());
    return take.executeUpdate() == 1;
  }

  private void remove(CouponRequest request) throws SQLException {
    undo.setLong(1, request.couponId());
    undo.setLong(2, request.userId());
    undo.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
