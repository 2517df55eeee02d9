#!/bin/bash
# Reads an archive on a Slurm cluster, as an array of tasks on a common file
# system:
#
#   sbatch --array=0-31 --cpus-per-task=8 --time=12:00:00 slurm.sh ARCHIVE TEXT
#
# A minute before its time is up a task gets SIGTERM, stops with its journal in
# order, and queues again; so does one that may do better another time (exit
# status 75), three times at most. Send the array again, whole, to read what is
# new: what is done is skipped.
#
#SBATCH --job-name=congvan
#SBATCH --array=0-3
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@60
#SBATCH --output=congvan-%A_%a.log
set -u

congvan ocr "$1" -o "$2" --shards auto --jobs "${SLURM_CPUS_PER_TASK:-1}" &
child=$!
trap 'kill -TERM "$child"' TERM
wait "$child"
status=$?
if [ "$status" -gt 128 ]; then # perhaps only the wait was interrupted
	wait "$child"
	status=$?
fi

case $status in
75 | 143)
	if [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
		scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
	fi
	;;
3) status=0 ;; # finished; congvan journal list shows what can't be read
esac
exit "$status"
