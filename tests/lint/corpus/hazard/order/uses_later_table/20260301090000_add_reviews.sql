-- corpus: hazards=needs-later-migration
CREATE TABLE reviews (
    id bigint PRIMARY KEY,
    reviewer_id bigint NOT NULL REFERENCES reviewers (id)
);
