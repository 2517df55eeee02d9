// Package conform holds the tests that need what others have written: their
// readers of the formats we write, their schemas and types, a browser, a job
// scheduler, and the runner of scripts that drive the whole program. It is a
// module of its own, so that none of this is among the dependencies of congvan;
// "make test" runs it.
package conform
